package miniprogram_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
)

var versionStatuses = []miniprogram.VersionStatus{
	miniprogram.VersionNew, miniprogram.UnderReview, miniprogram.VersionApproved, miniprogram.VersionRejected,
	miniprogram.PilotTesting, miniprogram.Grayscale, miniprogram.Released, miniprogram.Canceled, miniprogram.Superseded,
	miniprogram.VersionOffline, miniprogram.RolledBack,
}

// TestTransitions: every status is reached from new, none is without a way out
// that leads to release, and a move leads from a status to one other (V2).
func TestTransitions(t *testing.T) {
	t.Parallel()
	all := miniprogram.Transitions()
	reach := func(from miniprogram.VersionStatus) map[miniprogram.VersionStatus]bool {
		seen := map[miniprogram.VersionStatus]bool{}
		for next := []miniprogram.VersionStatus{from}; len(next) > 0; next = next[1:] {
			for _, tr := range all {
				if tr.From == next[0] && !seen[tr.To] {
					seen[tr.To] = true
					next = append(next, tr.To)
				}
			}
		}
		return seen
	}
	for _, st := range versionStatuses {
		require.True(t, reach(miniprogram.VersionNew)[st], "%s is not reached", st)
		require.True(t, reach(st)[miniprogram.Released], "%s does not lead to a release", st)
	}
	moves, once := map[miniprogram.Move]bool{}, map[string]bool{}
	for _, tr := range all {
		require.Contains(t, versionStatuses, tr.From)
		require.Contains(t, versionStatuses, tr.To)
		moves[tr.Move] = true
		key := fmt.Sprint(tr.From, tr.Move)
		require.False(t, once[key], "%s twice", key)
		once[key] = true
	}
	for _, m := range miniprogram.Moves() {
		require.True(t, moves[m], "%s is in no transition", m)
	}
	all[0].To = "edited"
	require.NotEqual(t, all, miniprogram.Transitions(), "what is returned is a copy")
}

// move tries a move on a version as the merchant's admin.
func move(ctx context.Context, p *superapp.Platform, by rbac.Actor, m miniprogram.Move, v miniprogram.Version, percent int, requests []approval.Request) (err error) {
	switch m {
	case miniprogram.MoveSubmit:
		_, err = p.MiniPrograms.Submit(ctx, by, v.ID, "")
	case miniprogram.MovePilot:
		_, err = p.MiniPrograms.Pilot(ctx, by, v.ID)
	case miniprogram.MoveGrayscale, miniprogram.MoveGrow:
		if (m == miniprogram.MoveGrow) != (v.Status == miniprogram.Grayscale) {
			return miniprogram.ErrMove
		}
		_, err = p.MiniPrograms.Grayscale(ctx, by, v.ID, percent)
	case miniprogram.MoveRelease:
		_, err = p.MiniPrograms.Release(ctx, by, v.ID)
	case miniprogram.MoveCancelRelease:
		_, err = p.MiniPrograms.CancelRelease(ctx, by, v.ID, "")
	case miniprogram.MoveRollBack:
		_, err = p.MiniPrograms.RollBack(ctx, by, v.ID, "")
	case miniprogram.MoveTakeOffline:
		_, err = p.MiniPrograms.TakeOffline(ctx, by, v.MiniProgram, "why not")
	case miniprogram.MoveBringBack:
		_, err = p.MiniPrograms.BringBack(ctx, by, v.MiniProgram)
	case miniprogram.MoveWithdraw:
		for _, r := range requests {
			if r.Status == approval.InReview {
				_, err = p.Approvals.Withdraw(ctx, by, r.ID, "")
				return err
			}
		}
		return miniprogram.ErrMove
	}
	return err
}

// doable are the moves that somebody does to a version.
var doable = []miniprogram.Move{
	miniprogram.MoveSubmit, miniprogram.MovePilot, miniprogram.MoveGrayscale, miniprogram.MoveGrow, miniprogram.MoveRelease,
	miniprogram.MoveCancelRelease, miniprogram.MoveRollBack, miniprogram.MoveTakeOffline, miniprogram.MoveBringBack, miniprogram.MoveWithdraw,
}

// TestWalks: whatever the verbs are called on, in whatever order, versions go by
// the state table and by all of it; one is under review at a time, one in pilot
// testing or grayscale, one released; the mini program is published while users
// get a version; and the moves that a version lists are those that succeed (V2,
// V3, V5, P7).
func TestWalks(t *testing.T) {
	t.Parallel()
	walks := make([]*walk, 12)
	t.Run("walks", func(t *testing.T) {
		for seed := range walks {
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
				t.Parallel()
				w := newWalk(t, uint64(seed))
				walks[seed] = w
				for range 150 {
					w.step()
					w.check()
				}
			})
		}
	})
	seen := map[miniprogram.Transition]int{}
	for _, w := range walks {
		for tr, n := range w.seen {
			seen[tr] += n
		}
	}
	for _, tr := range miniprogram.Transitions() {
		require.NotZero(t, seen[tr], "%v was never seen", tr)
	}
}

// A walk is a kit on which verbs are called at random.
type walk struct {
	*testing.T
	*rand.Rand
	k       *superapptest.Kit
	by      rbac.Actor
	uploads int
	edits   int
	seq     uint64
	seen    map[miniprogram.Transition]int
}

func newWalk(t *testing.T, seed uint64) *walk {
	k := superapptest.New(t, &superapptest.Options{NoRerun: true})
	testkit.Complete(t, k, k.Shop)
	return &walk{T: t, Rand: rand.New(rand.NewPCG(seed, 1)), k: k, by: k.As(rbac.DeveloperAdmin), seen: map[miniprogram.Transition]int{}}
}

func (w *walk) versions() []miniprogram.Version { return versions(w.T, w.k, page.MaxSize, w.k.Shop) }

// expected reports errors that a walk meets.
func expected(err error) bool {
	return err == nil || errors.Is(err, fault.ErrState)
}

// step calls a verb.
func (w *walk) step() {
	ctx := w.Context()
	all := w.versions()
	if w.uploads == 0 || w.uploads < 5 && w.IntN(12) == 0 {
		w.uploads++
		testkit.Upload(w.T, w.k, w.k.Shop, fmt.Sprintf("1.%d.0", w.uploads))
		return
	}
	v := all[w.IntN(len(all))]
	d, err := w.k.MiniPrograms.Version(ctx, w.by, v.ID)
	require.NoError(w.T, err)
	w.listed(d)
	switch n := w.IntN(100); {
	case n < 6: // what was reviewed is changed
		w.edits++
		_, err = w.k.MiniPrograms.SetProfile(ctx, w.by, w.k.Shop, miniprogram.ProfileEdit{
			Category: fmt.Sprint("Food ", w.edits%2), Regions: []string{"SG"}, Contacts: []miniprogram.Contact{{Kind: "email", Value: "help@coffee.example"}},
		})
	case n < 10:
		_, err = w.k.MiniPrograms.EditNotes(ctx, w.by, v.ID, map[string]string{"en": fmt.Sprint("Note ", w.IntN(2))})
	case v.Status == miniprogram.UnderReview && n < 90:
		_, err = w.k.Approvals.Decide(ctx, w.k.As(rbac.WorkspaceReviewer), d.Requests[len(d.Requests)-1].ID,
			approval.Decision{Approve: n < 75, Reason: "so be it"})
	case n < 30: // what is not open does nothing
		m := doable[w.IntN(len(doable))]
		if m != miniprogram.MoveTakeOffline || w.IntN(4) == 0 {
			err = move(ctx, w.k.Platform, w.by, m, v, 1+w.IntN(99), d.Requests)
		}
	case len(d.Moves) > 0:
		err = move(ctx, w.k.Platform, w.by, d.Moves[w.IntN(len(d.Moves))], v, 1+w.IntN(99), d.Requests)
	}
	require.True(w.T, expected(err), "%v", err)
	if err != nil && !errors.Is(err, miniprogram.ErrChanged) {
		require.Equal(w.T, all, w.versions(), "a refused verb changes nothing: %v", err)
	}
}

// listed tries every move on a version, and undoes it.
func (w *walk) listed(d miniprogram.VersionDetails) {
	errUndo := errors.New("undo")
	share := min(99, program(w.T, w.k, w.k.Shop).Stages.Percent+1)
	for _, m := range doable {
		err := w.k.Update(w.Context(), func(ctx context.Context, p *superapp.Platform) error {
			if err := move(ctx, p, w.by, m, d.Version, share, d.Requests); err != nil {
				return err
			}
			return errUndo
		}, w.k.Merchant)
		done := errors.Is(err, errUndo)
		if (m == miniprogram.MoveTakeOffline || m == miniprogram.MoveBringBack) && !slices.Contains(miniprogram.OpenMoves(d.Status), m) {
			done = false // it is about another version
		}
		require.Equal(w.T, done, slices.Contains(d.Moves, m), "%s of a version that is %s: %v", m, d.Status, err)
	}
}

// check checks what holds after every verb.
func (w *walk) check() {
	count := map[miniprogram.VersionStatus]int{}
	byID := map[id.Version]miniprogram.VersionStatus{}
	for _, v := range w.versions() {
		count[v.Status]++
		byID[v.ID] = v.Status
	}
	p := program(w.T, w.k, w.k.Shop)
	require.LessOrEqual(w.T, count[miniprogram.UnderReview], 1)
	require.LessOrEqual(w.T, count[miniprogram.Released], 1)
	require.LessOrEqual(w.T, count[miniprogram.PilotTesting]+count[miniprogram.Grayscale], 1)
	require.Equal(w.T, count[miniprogram.Grayscale]+count[miniprogram.Released] > 0, p.Status == miniprogram.Published)
	if c := p.Stages.Candidate; c.IsZero() {
		require.Zero(w.T, count[miniprogram.PilotTesting]+count[miniprogram.Grayscale]+p.Stages.Percent)
	} else {
		want := miniprogram.PilotTesting
		if p.Stages.Percent > 0 {
			want = miniprogram.Grayscale
		}
		require.Equal(w.T, want, byID[c])
	}
	if f := p.Stages.Full; f.IsZero() {
		require.Zero(w.T, count[miniprogram.Released])
	} else if byID[f] != miniprogram.Released {
		require.Zero(w.T, count[miniprogram.Released])
		require.Contains(w.T, []miniprogram.Status{miniprogram.Offline, miniprogram.Published}, p.Status, "it went offline")
		require.Equal(w.T, p.Stages.Percent > 0, p.Status == miniprogram.Published)
	}
	for _, e := range w.events() {
		data, err := e.DecodeData()
		require.NoError(w.T, err)
		if m := moveOf(e.Verb); m != "" {
			tr := miniprogram.Transition{
				From: miniprogram.VersionStatus(statusIn(w.T, data.Before)), Move: m, To: miniprogram.VersionStatus(statusIn(w.T, data.After)),
			}
			require.Contains(w.T, miniprogram.Transitions(), tr)
			w.seen[tr]++
		}
	}
}

func moveOf(verb audit.Verb) miniprogram.Move {
	for _, m := range miniprogram.Moves() {
		if m.Event() == verb {
			return m
		}
	}
	return ""
}

// events returns what happened since it was asked last.
func (w *walk) events() (all []audit.Event) {
	require.NoError(w.T, w.k.Store.View(w.Context(), func(ctx context.Context, r storage.Reader) (err error) {
		all, err = r.Events(ctx, audit.Query{Workspace: w.k.Merchant, After: w.seq, Limit: 1000})
		return err
	}))
	if n := len(all); n > 0 {
		w.seq = all[n-1].Seq
	}
	return all
}

// statusIn returns the status in a snapshot of the audit trail.
func statusIn(t *testing.T, snapshot json.RawMessage) string {
	t.Helper()
	var s struct{ Status string }
	require.NoError(t, json.Unmarshal(snapshot, &s))
	return s.Status
}
