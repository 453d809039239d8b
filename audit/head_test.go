package audit_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

func TestVerifyAgainstNotedHeads(t *testing.T) {
	t.Parallel()
	trail := newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, 3)
	early, err := trail.service().Verify(t.Context(), admin, trail.head.Workspace)
	require.NoError(t, err)
	trail.fill(t, 2)
	late, err := trail.service().Verify(t.Context(), admin, trail.head.Workspace, early)
	require.NoError(t, err, "a longer chain")
	require.EqualValues(t, 5, late.Seq)

	t.Run("a cut end shows", func(t *testing.T) {
		cut := *trail
		cut.events, cut.head = trail.events[:3], early
		_, err := cut.service().Verify(t.Context(), admin, early.Workspace)
		require.NoError(t, err, "not without a note")
		head, err := cut.service().Verify(t.Context(), admin, early.Workspace, early, late)
		require.Zero(t, head)
		var broken *audit.BrokenError
		require.ErrorAs(t, err, &broken)
		require.Equal(t, "cut", broken.What)
		require.EqualValues(t, 4, broken.Seq)
	})

	t.Run("another chain shows", func(t *testing.T) {
		other := early
		other.Hash[0]++
		_, err := trail.service().Verify(t.Context(), admin, early.Workspace, other)
		var broken *audit.BrokenError
		require.ErrorAs(t, err, &broken)
		require.Equal(t, "not what was noted", broken.What)
		require.EqualValues(t, 3, broken.Seq)
	})

	t.Run("a head of another workspace is refused", func(t *testing.T) {
		_, err := trail.service().Verify(t.Context(), admin, early.Workspace, audit.Head{Workspace: id.Workspace{UUID: id.New()}})
		require.ErrorIs(t, err, audit.ErrHead)
	})
}

func TestHeadText(t *testing.T) {
	t.Parallel()
	head := audit.Head{Workspace: id.Workspace{UUID: id.New()}, Seq: 42, Hash: [32]byte{1, 31: 2}}
	text, err := head.MarshalText()
	require.NoError(t, err)
	var got audit.Head
	require.NoError(t, got.UnmarshalText(text))
	require.Equal(t, head, got)

	good := string(text)
	for name, bad := range map[string]string{
		"empty": "", "cut off": good[:len(good)-1], "too long": good + "00", "no number": strings.Replace(good, ":42:", ":x:", 1),
		"no workspace": good[1:], "no hash": good[:len(good)-64] + strings.Repeat("z", 64), "two parts": good[:39],
	} {
		require.ErrorIs(t, new(audit.Head).UnmarshalText([]byte(bad)), audit.ErrHead, name)
	}
}
