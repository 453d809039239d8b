package mapstore

import (
	"context"
	"maps"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
)

// A run names a bulk invitation.
type run struct {
	workspace id.Workspace
	key       string
}

// A runRow names a row of a run.
type runRow struct {
	run
	n int
}

func (r reader) Run(_ context.Context, q member.RunQuery) (member.Run, error) {
	at := run{q.Workspace, q.Key}
	found := r.state.runs[at]
	for n := q.From; n <= q.To; n++ {
		if m, ok := r.state.runRows[runRow{at, n}]; ok {
			found.Sent = append(found.Sent, member.RunRow{Row: n, Member: m})
		}
	}
	return found, nil
}

func (t *tx) InsertRun(_ context.Context, r member.Run, before time.Time) error {
	old := func(at run) bool {
		start := t.state.runs[at].StartedAt
		return at.workspace == r.Workspace && !start.IsZero() && start.Before(before)
	}
	maps.DeleteFunc(t.state.runRows, func(row runRow, _ id.Member) bool { return old(row.run) })
	maps.DeleteFunc(t.state.runs, func(at run, _ member.Run) bool { return old(at) })
	cut(&r.StartedAt)
	r.Sent = nil
	return insert(t.state.runs, run{r.Workspace, r.Key}, r)
}

func (t *tx) InsertRunRows(_ context.Context, w id.Workspace, key string, rows []member.RunRow) error {
	for _, r := range rows {
		if err := insert(t.state.runRows, runRow{run{w, key}, r.Row}, r.Member); err != nil {
			return err
		}
	}
	return nil
}
