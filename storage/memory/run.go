package memory

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/storage"
)

// A run is a bulk invitation.
type run struct {
	in     id.UUID
	key    string
	record *member.Run
}

func (r run) compare(s run) int {
	return cmp.Or(r.in.Compare(s.in), strings.Compare(r.key, s.key))
}

// A runRow is a row of a run.
type runRow struct {
	in     id.UUID
	key    string
	row    int
	member id.Member
}

func (r runRow) compare(s runRow) int {
	return cmp.Or(r.in.Compare(s.in), strings.Compare(r.key, s.key), cmp.Compare(r.row, s.row))
}

// Run returns the run of the query.
func (r *reader) Run(ctx context.Context, q member.RunQuery) (found member.Run, err error) {
	if err := r.ready(ctx); err != nil {
		return found, err
	}
	if x, ok := r.state.runs.Get(run{in: q.Workspace.UUID, key: q.Key}); ok {
		found = *x.record
	}
	r.state.runRows.Ascend(runRow{in: q.Workspace.UUID, key: q.Key, row: q.From}, func(x runRow) bool {
		if x.in != q.Workspace.UUID || x.key != q.Key || x.row > q.To {
			return false
		}
		found.Sent = append(found.Sent, member.RunRow{Row: x.row, Member: x.member})
		return true
	})
	return found, nil
}

// InsertRun stores a new run, and forgets old ones.
func (t *tx) InsertRun(ctx context.Context, r member.Run, before time.Time) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	t.state.forgetRuns(r.Workspace, before)
	r.StartedAt, r.Sent = stored(r.StartedAt), nil
	x := run{r.Workspace.UUID, r.Key, &r}
	if _, ok := t.state.runs.Get(x); ok {
		return storage.ErrExists
	}
	t.state.runs.Set(x)
	return nil
}

// forgetRuns removes the runs of a workspace that were started before a time.
func (s *state) forgetRuns(w id.Workspace, before time.Time) {
	var runs []run
	s.runs.Ascend(run{in: w.UUID}, func(x run) bool {
		if start := x.record.StartedAt; x.in == w.UUID && !start.IsZero() && start.Before(before) {
			runs = append(runs, x)
		}
		return x.in == w.UUID
	})
	for _, old := range runs {
		var rows []runRow
		s.runRows.Ascend(runRow{in: old.in, key: old.key}, func(x runRow) bool {
			if x.in != old.in || x.key != old.key {
				return false
			}
			rows = append(rows, x)
			return true
		})
		for _, x := range rows {
			s.runRows.Delete(x)
		}
		s.runs.Delete(old)
	}
}

// InsertRunRows stores rows of a run.
func (t *tx) InsertRunRows(ctx context.Context, w id.Workspace, key string, rows []member.RunRow) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	for _, r := range rows {
		x := runRow{w.UUID, key, r.Row, r.Member}
		if _, ok := t.state.runRows.Get(x); ok {
			return storage.ErrExists
		}
		t.state.runRows.Set(x)
	}
	return nil
}
