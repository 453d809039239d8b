package audit_test

import (
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// edits holds for every field of an event the ways to tamper with it.
var edits = map[string][]func(*audit.Event){
	"Workspace": {func(e *audit.Event) { e.Workspace.UUID[15]++ }},
	"Seq":       {func(e *audit.Event) { e.Seq++ }, func(e *audit.Event) { e.Seq = 0 }},
	"At": {
		func(e *audit.Event) { e.At = e.At.Add(time.Microsecond) },
		func(e *audit.Event) { e.At = e.At.Add(-time.Hour) },
	},
	"Verb": {func(e *audit.Event) { e.Verb = "member.blocked" }, func(e *audit.Event) { e.Verb = "" }},
	"Object": {
		func(e *audit.Event) { e.Object.Kind = rbac.KindVersion },
		func(e *audit.Event) { e.Object.ID[0]++ },
	},
	"System": {func(e *audit.Event) { e.System = true }},
	"Actor":  {func(e *audit.Event) { e.Actor = "u-mallory" }},
	"Data": {
		func(e *audit.Event) { e.Data = []byte(`{"request":"req-9"}`) },
		func(e *audit.Event) { e.Data = append([]byte(" "), e.Data...) },
		func(e *audit.Event) { e.Data = nil },
	},
	"Personal": {
		func(e *audit.Event) { e.Personal = []byte(`{"actor":"u-admin"}`) },
		func(e *audit.Event) { e.Personal = []byte{} },
	},
	"Salt": {
		func(e *audit.Event) { e.Salt = slices.Clone(e.Salt); e.Salt[0]++ },
		func(e *audit.Event) { e.Salt = nil },
	},
	"Commitment": {func(e *audit.Event) { e.Commitment[0]++ }, func(e *audit.Event) { e.Commitment = [32]byte{} }},
	"Erasure": {
		func(e *audit.Event) { e.Erasure = e.Seq + 1 },
		func(e *audit.Event) { e.Erasure = 99 },
		func(e *audit.Event) { e.Erasure = e.Seq },
	},
	"Hash": {func(e *audit.Event) { e.Hash[31]++ }, func(e *audit.Event) { e.Hash = [32]byte{} }},
}

func TestVerifyFindsEveryEdit(t *testing.T) {
	t.Parallel()
	for field := range reflect.TypeFor[audit.Event]().Fields() {
		require.Contains(t, edits, field.Name, "a field that nothing protects, or no test")
	}
	for field, edit := range edits {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			for _, tamper := range edit {
				for _, at := range []int{0, 2, 4} {
					trail := newTrail(rbac.WorkspaceAdmin)
					trail.fill(t, 5)
					tamper(&trail.events[at])
					broken := trail.broken(t)
					require.EqualValues(t, at+1, broken.Seq, "where it breaks")
				}
			}
		})
	}
}

// broken verifies the trail, which must be found broken.
func (t *trail) broken(tb testing.TB) *audit.BrokenError {
	tb.Helper()
	_, err := t.service().Verify(tb.Context(), admin, t.head.Workspace)
	require.ErrorIs(tb, err, audit.ErrBroken)
	require.ErrorIs(tb, err, fault.ErrState)
	require.Equal(tb, "audit.broken", fault.CodeOf(err))
	broken, ok := errors.AsType[*audit.BrokenError](err)
	require.True(tb, ok)
	require.Equal(tb, t.head.Workspace, broken.Workspace)
	return broken
}

func TestVerifyFindsMissingAndMovedEvents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		tamper func(*trail)
		seq    uint64
		what   string
	}{
		{"the first event is gone", func(t *trail) { t.events = t.events[1:] }, 1, "gap"},
		{"an event in between is gone", func(t *trail) { t.events = slices.Delete(t.events, 2, 3) }, 3, "gap"},
		{"an event is gone and the rest is renumbered", func(t *trail) {
			t.events = slices.Delete(t.events, 2, 3)
			for i := range t.events {
				t.events[i].Seq = uint64(i + 1)
			}
		}, 3, "edited"},
		{"the tail is cut", func(t *trail) { t.events = t.events[:3] }, 4, "head"},
		{"everything is gone", func(t *trail) { t.events = nil }, 1, "head"},
		{"two events changed places", func(t *trail) {
			t.events[1], t.events[2] = t.events[2], t.events[1]
		}, 2, "gap"},
		{"two events changed places and numbers", func(t *trail) {
			t.events[1], t.events[2] = t.events[2], t.events[1]
			t.events[1].Seq, t.events[2].Seq = 2, 3
		}, 2, "edited"},
		{"an event stands twice", func(t *trail) { t.events = slices.Insert(t.events, 1, t.events[0]) }, 2, "gap"},
		{"events were added behind the head", func(t *trail) { t.head.Seq = 3 }, 6, "head"},
		{"the head has another hash", func(t *trail) { t.head.Hash[0]++ }, 6, "head"},
		{"the head has another time", func(t *trail) { t.head.At = t.head.At.Add(time.Second) }, 6, "head"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			trail := newTrail(rbac.WorkspaceAdmin)
			trail.fill(t, 5)
			c.tamper(trail)
			broken := trail.broken(t)
			require.Equal(t, c.seq, broken.Seq)
			require.Equal(t, c.what, broken.What)
		})
	}
}

func TestVerifyRefusesAnotherWorkspacesEvents(t *testing.T) {
	t.Parallel()
	trail, other := newTrail(rbac.WorkspaceAdmin), newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, 2)
	other.fill(t, 2)
	trail.events[1] = other.events[1]
	require.EqualValues(t, 2, trail.broken(t).Seq)
}

// An event that fits its place, but follows another past, does not fit here.
func TestVerifyRefusesAnotherHistory(t *testing.T) {
	t.Parallel()
	trail := newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, 1)
	other := *trail
	trail.fill(t, 2)
	other.events = slices.Clone(other.events)
	other.fill(t, 2)
	trail.events[2], trail.head = other.events[2], other.head
	broken := trail.broken(t)
	require.EqualValues(t, 3, broken.Seq)
	require.Equal(t, "edited", broken.What)
}

func TestVerifyFindsTimeGoingBack(t *testing.T) {
	t.Parallel()
	trail := newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, 2)
	trail.head.At = time.Time{} // a store that forgets when the last event was
	trail.fill(t, 1)
	require.EqualValues(t, 3, trail.broken(t).Seq)
}

// A stored chain has to verify for ever: this event was written by the first
// version of the library.
func TestFormatStaysAsItIs(t *testing.T) {
	t.Parallel()
	trail := newTrail(rbac.WorkspaceAdmin)
	w := id.Workspace{UUID: id.UUID{15: 1}}
	e := audit.Event{
		Workspace: w, Seq: 1, At: noon, Verb: "member.role_set", Object: rbac.OnMember(id.Member{UUID: id.UUID{15: 2}}),
		System: true, Actor: "console",
		Data:     []byte(`{"request":"req-1","after":{"role":"developer"}}`),
		Personal: []byte(`{"actor":"console","after":{"email":"dee@example.com"}}`),
		Salt:     []byte("0123456789abcdef"),
	}
	hex.Decode(e.Commitment[:], []byte("53106e93a91b57f7a60d34195eb30e9a376d7c58813fbaf0fd6c3cc161ed838c"))
	hex.Decode(e.Hash[:], []byte("1c31bea4d5730672ba0954b60a5b4b7eacd2c9e16b646c767f442b6f9e344756"))
	trail.events, trail.facts.Owner, trail.facts.Tenant = []audit.Event{e}, w, w
	trail.head = audit.Head{Workspace: w, Seq: 1, Hash: e.Hash, At: noon}
	_, err := trail.service().Verify(t.Context(), admin, w)
	require.NoError(t, err)
}

// A reader who edits personal data and makes a fitting commitment is caught by
// the chain, which covers the commitment.
func TestVerifyFindsForgedCommitment(t *testing.T) {
	t.Parallel()
	trail, forged := newTrail(rbac.WorkspaceAdmin), newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, 3)
	forged.fill(t, 3)
	e, f := &trail.events[1], forged.events[1]
	e.Personal, e.Salt, e.Commitment = f.Personal, f.Salt, f.Commitment
	broken := trail.broken(t)
	require.EqualValues(t, 2, broken.Seq)
	require.Equal(t, "edited", broken.What)
}

func TestMissingPersonalData(t *testing.T) {
	t.Parallel()

	t.Run("shows, since an erasure leaves an object", func(t *testing.T) {
		t.Parallel()
		trail := newTrail(rbac.WorkspaceAdmin)
		trail.fill(t, 3)
		e := &trail.events[1]
		e.Personal, e.Salt, e.Actor = nil, nil, "somebody else"
		broken := trail.broken(t)
		require.EqualValues(t, 2, broken.Seq)
		require.Equal(t, "personal data missing", broken.What)
	})

	t.Run("hides no edit of the rest", func(t *testing.T) {
		t.Parallel()
		trail := newTrail(rbac.WorkspaceAdmin)
		trail.fill(t, 3)
		e := &trail.events[1]
		e.Personal, e.Salt, e.Verb = nil, nil, "member.blocked"
		require.EqualValues(t, 2, trail.broken(t).Seq)
	})
}

func TestAppend(t *testing.T) {
	t.Parallel()

	t.Run("tells who did what, personal data apart", func(t *testing.T) {
		t.Parallel()
		trail := newTrail(rbac.WorkspaceAdmin)
		trail.fill(t, 1)
		e := trail.events[0]
		require.EqualValues(t, 1, e.Seq)
		require.Equal(t, audit.Verb("member.role_set"), e.Verb)
		require.Equal(t, "u-admin", e.Actor)
		require.False(t, e.System)
		require.Equal(t, noon, e.At)

		data, err := e.DecodeData()
		require.NoError(t, err)
		require.Equal(t, "req-0", data.Request)
		require.JSONEq(t, `{"role":"operator"}`, string(data.Before))
		require.JSONEq(t, `{"role":"developer"}`, string(data.After))

		personal, err := e.DecodePersonal()
		require.NoError(t, err)
		require.Equal(t, "u-admin", personal.Actor)
		require.Equal(t, "u-owner", personal.OnBehalfOf)
		require.Equal(t, "she asked for it", personal.Reason)
		require.JSONEq(t, `{"email":"dee@example.com"}`, string(personal.After))
		for _, word := range []string{"u-admin", "u-owner", "dee@example.com", "asked"} {
			require.NotContains(t, string(e.Data), word)
		}
	})

	t.Run("says nothing of what is not there", func(t *testing.T) {
		t.Parallel()
		trail := newTrail(rbac.WorkspaceAdmin)
		require.NoError(t, audit.Append(t.Context(), trail, audit.Entry{
			Workspace: trail.head.Workspace, Verb: "workspace.disabled", Actor: rbac.System("console"), At: noon,
		}))
		e := trail.events[0]
		require.True(t, e.System)
		require.Equal(t, "console", e.Actor)
		require.JSONEq(t, `{}`, string(e.Data))
		require.JSONEq(t, `{"actor":"console"}`, string(e.Personal))
	})

	t.Run("salts every event, so that equal data does not show", func(t *testing.T) {
		t.Parallel()
		trail := newTrail(rbac.WorkspaceAdmin)
		trail.fill(t, 2)
		require.Equal(t, trail.events[0].Personal, trail.events[1].Personal)
		require.Len(t, trail.events[0].Salt, 16)
		require.NotEqual(t, trail.events[0].Salt, trail.events[1].Salt)
		require.NotEqual(t, trail.events[0].Commitment, trail.events[1].Commitment)
	})

	t.Run("never goes back in time", func(t *testing.T) {
		t.Parallel()
		trail := newTrail(rbac.WorkspaceAdmin)
		for _, at := range []time.Time{noon, noon.Add(-time.Hour), noon.Add(-time.Microsecond), noon.Add(time.Second)} {
			require.NoError(t, audit.Append(t.Context(), trail, audit.Entry{
				Workspace: trail.head.Workspace, Verb: "workspace.disabled", Actor: admin, At: at,
			}))
		}
		var at []time.Time
		for _, e := range trail.events {
			at = append(at, e.At)
		}
		require.Equal(t, []time.Time{noon, noon, noon, noon.Add(time.Second)}, at)
		_, err := trail.service().Verify(t.Context(), admin, trail.head.Workspace)
		require.NoError(t, err)
	})

	t.Run("refuses an actor who cannot be one", func(t *testing.T) {
		t.Parallel()
		trail := newTrail(rbac.WorkspaceAdmin)
		for _, actor := range []rbac.Actor{{}, rbac.User("u\xff"), rbac.System("job\n"), admin.OnBehalfOf("u\x00")} {
			err := audit.Append(t.Context(), trail, audit.Entry{
				Workspace: trail.head.Workspace, Verb: "workspace.disabled", Actor: actor, At: noon,
			})
			require.ErrorIs(t, err, id.ErrAccount)
		}
		require.Empty(t, trail.events)
	})

	t.Run("fails with its transaction", func(t *testing.T) {
		t.Parallel()
		lost := errors.New("connection lost")
		entry := func(t *trail) audit.Entry {
			return audit.Entry{Workspace: t.head.Workspace, Verb: "workspace.disabled", Actor: admin, At: noon}
		}
		reads, writes := newTrail(rbac.WorkspaceAdmin), newTrail(rbac.WorkspaceAdmin)
		reads.readErr, writes.writeErr = lost, lost
		require.ErrorIs(t, audit.Append(t.Context(), reads, entry(reads)), lost)
		require.ErrorIs(t, audit.Append(t.Context(), writes, entry(writes)), lost)
		require.Empty(t, reads.events)

		elsewhere := entry(reads)
		elsewhere.Workspace.UUID[0]++
		require.ErrorIs(t, audit.Append(t.Context(), reads, elsewhere), audit.ErrWorkspace)
	})

	t.Run("fails on what is no JSON", func(t *testing.T) {
		t.Parallel()
		trail := newTrail(rbac.WorkspaceAdmin)
		for _, e := range []audit.Entry{{Before: unwritable{}}, {After: unwritable{}}} {
			e.Workspace, e.Verb, e.Actor, e.At = trail.head.Workspace, "workspace.disabled", admin, noon
			require.Error(t, audit.Append(t.Context(), trail, e))
		}
		require.Empty(t, trail.events)
	})
}

type unwritable struct{}

func (unwritable) Audit() (state, personal any) { return make(chan int), nil }
