package audit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, page.MaxSize - 1, page.MaxSize, page.MaxSize + 1, 2 * page.MaxSize} {
		trail := newTrail(rbac.WorkspaceAdmin)
		trail.fill(t, n)
		head, err := trail.service().Verify(t.Context(), admin, trail.head.Workspace)
		require.NoError(t, err, "%d events", n)
		require.Equal(t, trail.head, head)
		require.EqualValues(t, n, head.Seq)
	}
}

func TestVerifyOfAForgedBeginning(t *testing.T) {
	t.Parallel()
	trail := newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, 1)
	for hash, what := range map[[32]byte]string{{}: "", {1}: "not what was noted"} {
		_, err := trail.service().Verify(t.Context(), admin, trail.head.Workspace, audit.Head{Workspace: trail.head.Workspace, Hash: hash})
		if what == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, audit.ErrBroken)
		require.ErrorContains(t, err, what)
	}
}

func TestVerifyFindsTamperingOnLaterPages(t *testing.T) {
	t.Parallel()
	trail := newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, page.MaxSize+2)
	trail.events[page.MaxSize].Verb = "member.blocked"
	require.EqualValues(t, page.MaxSize+1, trail.broken(t).Seq)
}

func TestList(t *testing.T) {
	t.Parallel()
	trail := newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, 5)
	service, w := trail.service(), trail.head.Workspace

	t.Run("pages are oldest first and miss nothing", func(t *testing.T) {
		t.Parallel()
		var got []audit.Event
		req, pages := page.Request{Size: 2}, 0
		for {
			p, err := service.List(t.Context(), admin, audit.Filter{Workspace: w}, req)
			require.NoError(t, err)
			got = append(got, p.Items...)
			pages++
			if p.Next == "" {
				break
			}
			req.After = p.Next
		}
		require.Equal(t, trail.events, got)
		require.Equal(t, 3, pages)
	})

	t.Run("an empty trail is an empty page", func(t *testing.T) {
		t.Parallel()
		empty := newTrail(rbac.WorkspaceAdmin)
		p, err := empty.service().List(t.Context(), admin, audit.Filter{Workspace: empty.head.Workspace}, page.Request{})
		require.NoError(t, err)
		require.Empty(t, p.Items)
		require.Empty(t, p.Next)
	})

	for name, c := range map[string]struct {
		req  page.Request
		want error
	}{
		"a cursor of another list":          {page.Request{After: page.Encode("members", make([]byte, 8))}, page.ErrCursor},
		"a cursor with another kind of key": {page.Request{After: page.Encode("audit", make([]byte, 16))}, page.ErrCursor},
		"too large a page":                  {page.Request{Size: page.MaxSize + 1}, fault.ErrInput},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			p, err := service.List(t.Context(), admin, audit.Filter{Workspace: w}, c.req)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, "audit: list: ")
			require.Zero(t, p)
		})
	}
}

// Both verbs are open to the same callers.
func TestWhoMayRead(t *testing.T) {
	t.Parallel()
	verbs := map[string]func(context.Context, *trail, rbac.Actor, id.Workspace) error{
		"list": func(ctx context.Context, t *trail, a rbac.Actor, w id.Workspace) error {
			_, err := t.service().List(ctx, a, audit.Filter{Workspace: w}, page.Request{})
			return err
		},
		"verify": func(ctx context.Context, t *trail, a rbac.Actor, w id.Workspace) error {
			_, err := t.service().Verify(ctx, a, w)
			return err
		},
	}
	removed, stranger := newTrail(rbac.WorkspaceAdmin), newTrail(rbac.WorkspaceAdmin)
	removed.facts.OwnerStatus = rbac.Removed
	stranger.facts.Home = rbac.Membership{}
	down := newTrail(rbac.WorkspaceAdmin)
	down.readErr = errors.New("connection lost")

	for verb, call := range verbs {
		for name, c := range map[string]struct {
			trail *trail
			actor rbac.Actor
			want  error
		}{
			"a reviewer may":                 {newTrail(rbac.WorkspaceReviewer), admin, nil},
			"the platform operator may":      {stranger, rbac.System("console"), nil},
			"a removed workspace's too (W4)": {removed, admin, nil},
			"a developer is denied":          {newTrail(rbac.WorkspaceDeveloper), admin, rbac.ErrDenied},
			"a stranger finds nothing (S4)":  {stranger, admin, audit.ErrWorkspace},
			"a store that fails is told of":  {down, admin, down.readErr},
		} {
			t.Run(verb+"/"+name, func(t *testing.T) {
				t.Parallel()
				err := call(t.Context(), c.trail, c.actor, c.trail.head.Workspace)
				if c.want == nil {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, c.want)
			})
		}
		t.Run(verb+"/no such workspace", func(t *testing.T) {
			t.Parallel()
			err := call(t.Context(), newTrail(rbac.WorkspaceAdmin), rbac.System("console"), id.Workspace{UUID: id.New()})
			require.ErrorIs(t, err, audit.ErrWorkspace)
		})
	}
}
