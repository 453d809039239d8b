package audit_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// lines are those of an export.
func lines(t *testing.T, out []byte) (all []audit.Line) {
	t.Helper()
	for scanner := bufio.NewScanner(bytes.NewReader(out)); scanner.Scan(); {
		var l audit.Line
		require.NoError(t, json.Unmarshal(scanner.Bytes(), &l))
		all = append(all, l)
	}
	return all
}

func TestExport(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, page.MaxSize, page.MaxSize + 1} {
		trail := newTrail(rbac.WorkspaceReviewer)
		trail.fill(t, n)
		var out bytes.Buffer
		head, err := trail.service().Export(t.Context(), admin, audit.Filter{Workspace: trail.head.Workspace}, &out)
		require.NoError(t, err)
		require.Equal(t, trail.head, head)
		all := lines(t, out.Bytes())
		require.Len(t, all, n+1)
		for i, l := range all[:n] {
			e := trail.events[i]
			require.Equal(t, e.Line(), l)
			require.Equal(t, string(e.Data), string(l.Data), "the very bytes")
			require.Equal(t, string(e.Personal), string(l.Personal), "the very bytes")
			require.Equal(t, hex.EncodeToString(e.Hash[:]), l.Hash)
		}
		var noted audit.Head
		require.NoError(t, noted.UnmarshalText([]byte(all[n].Head)))
		_, err = trail.service().Verify(t.Context(), admin, trail.head.Workspace, noted)
		require.NoError(t, err)
	}
}

func TestExportFails(t *testing.T) {
	t.Parallel()
	trail := newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, 3)
	f := audit.Filter{Workspace: trail.head.Workspace}
	full := errors.New("the disk is full")
	_, err := trail.service().Export(t.Context(), admin, f, writer(func(p []byte) (int, error) { return 0, full }))
	require.ErrorIs(t, err, full)
	trail.facts.Home.Role = rbac.WorkspaceDeveloper.Key()
	_, err = trail.service().Export(t.Context(), admin, f, io.Discard)
	require.ErrorIs(t, err, rbac.ErrDenied)
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestFilter(t *testing.T) {
	t.Parallel()
	trail := newTrail(rbac.WorkspaceAdmin)
	trail.fill(t, 50)
	trail.fill(t, 1) // at the same time as the last one
	verbs := []audit.Verb{"member.role_set", "member.blocked", "member.left"}
	for i := range trail.events {
		e := &trail.events[i]
		e.Verb, e.System = verbs[i%3], i%5 == 0
		e.Actor = []string{"u-1", "u-2"}[i%2]
	}
	service, w := trail.service(), trail.head.Workspace
	list := func(f audit.Filter, size int) (got []uint64) {
		f.Workspace = w
		for req := (page.Request{Size: size}); ; {
			p, err := service.List(t.Context(), admin, f, req)
			require.NoError(t, err)
			for _, e := range p.Items {
				got = append(got, e.Seq)
			}
			if req.After = p.Next; p.Next == "" {
				return got
			}
		}
	}
	for from := -2; from < 53; from += 3 {
		for to := from; to < 53; to += 5 {
			f := audit.Filter{From: noon.Add(time.Duration(from) * time.Second), To: noon.Add(time.Duration(to) * time.Second)}
			var want []uint64
			for _, e := range trail.events {
				if !e.At.Before(f.From) && e.At.Before(f.To) {
					want = append(want, e.Seq)
				}
			}
			require.Equal(t, want, list(f, 7), "%d to %d", from, to)
		}
	}
	require.Len(t, list(audit.Filter{From: noon.Add(50 * time.Second)}, 3), 0)
	require.Len(t, list(audit.Filter{From: noon.Add(49 * time.Second)}, 3), 2, "the one that came late has the time of the one before")
	require.Len(t, list(audit.Filter{To: noon.Add(time.Second)}, 3), 1)
	require.Equal(t, []uint64{1, 11, 21, 31, 41, 51}, list(audit.Filter{Actor: rbac.System("u-1")}, 2))
	require.Equal(t, []uint64{4, 10}, list(audit.Filter{Actor: rbac.User("u-2"), Verbs: verbs[:1], To: noon.Add(12 * time.Second)}, 1))

	t.Run("a cursor serves no other filter", func(t *testing.T) {
		p, err := service.List(t.Context(), admin, audit.Filter{Workspace: w, Actor: rbac.User("u-1")}, page.Request{Size: 1})
		require.NoError(t, err)
		for _, f := range []audit.Filter{{Workspace: w}, {Workspace: w, Actor: rbac.System("u-1")}, {Workspace: w, Actor: rbac.User("u-1"), From: noon}} {
			_, err = service.List(t.Context(), admin, f, page.Request{After: p.Next})
			require.ErrorIs(t, err, page.ErrCursor)
		}
	})
	t.Run("a filter that is none", func(t *testing.T) {
		for _, f := range []audit.Filter{{From: noon, To: noon.Add(-1)}, {Verbs: make([]audit.Verb, audit.MaxVerbs+1)}} {
			f.Workspace = id.Workspace{UUID: id.New()}
			_, err := service.List(t.Context(), admin, f, page.Request{})
			require.ErrorIs(t, err, fault.ErrInvalid)
			if len(f.Verbs) > 0 {
				var invalid *fault.InvalidError
				require.ErrorAs(t, err, &invalid)
				require.Equal(t, fault.Problem{Field: "verbs", Reason: "too_long", Detail: fmt.Sprintf("want at most %d, got %d", audit.MaxVerbs, len(f.Verbs))}, invalid.Problems[0])
			}
			_, err = service.Export(t.Context(), admin, f, io.Discard)
			require.ErrorIs(t, err, fault.ErrInvalid)
		}
	})
}
