package member

import (
	"context"
	"slices"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// Plan tells what [BulkService.Send] would do, and does nothing: a verdict on each
// row, in their order; with the key of an earlier run, also what that has sent. The
// caller needs member.invite. Errors: *fault.InvalidError; a *[CSVError] that ends
// the file; [ErrBatchSize]; [ErrBulkKey].
func (s *BulkService) Plan(ctx context.Context, actor rbac.Actor, in Bulk) (verdicts []BulkVerdict, err error) {
	defer fault.Wrap(&err, "member: plan bulk invitation")
	b, err := s.read(in, false)
	if err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		u, err := s.begin(ctx, r, actor, b)
		if err != nil {
			return err
		}
		for from, to := range chunks(len(b.rows), MaxBulkAll) {
			if err := u.decide(ctx, r, from, to, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b.verdicts, nil
}

// Send invites everybody who can be invited, or with All everybody or nobody: a
// verdict on each row, in their order. It is done in units, each with its own
// commit; a run that was interrupted goes on when it is sent again with the same key
// and rows: what was sent is not sent again, whatever became of it since, and what was
// refused is tried anew. Of several at once none sends a row twice.
//
// The caller needs member.invite and may grant no more than he holds (M12). Errors:
// as [BulkService.Plan]'s; a *[BulkError] if All was asked for and cannot be. With
// an error that comes between two units, such as a context that is done, there
// are the verdicts so far: the rest is pending.
func (s *BulkService) Send(ctx context.Context, actor rbac.Actor, in Bulk) (verdicts []BulkVerdict, err error) {
	defer fault.Wrap(&err, "member: send bulk invitation")
	b, err := s.read(in, true)
	if err != nil {
		return nil, err
	}
	for from := 0; from < len(b.rows); {
		to, err := s.unit(ctx, actor, b, from)
		if err != nil {
			if from == 0 {
				return nil, err
			}
			return b.verdicts, err
		}
		if b.Progress != nil {
			b.Progress(b.progress())
		}
		from = to
	}
	return b.verdicts, nil
}

// unit sends the rows from a place on, as many as one unit takes, and returns the
// place behind them.
func (s *BulkService) unit(ctx context.Context, actor rbac.Actor, b *bulk, from int) (to int, err error) {
	on := rbac.OnWorkspace(b.Workspace)
	before := slices.Clone(b.verdicts)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		copy(b.verdicts, before)
		u, err := s.begin(ctx, tx, actor, b)
		if err != nil {
			return err
		}
		if to = len(b.rows); !b.All {
			to = min(to, from+u.most)
		}
		if u.fresh {
			run := Run{Workspace: b.Workspace, Key: b.Key, Digest: b.digest, StartedAt: u.now}
			if err := tx.InsertRun(ctx, run, u.now.Add(-BulkKept)); err != nil {
				return err
			}
		}
		var rows []RunRow
		if err := u.decide(ctx, tx, from, to, func(v *invitation, i int, f invitee, replaced *Member) error {
			b.verdicts[i].State, b.verdicts[i].Member, b.verdicts[i].Token = BulkSent, f.ID, f.token
			rows = append(rows, RunRow{Row: i + 1, Member: f.ID})
			return v.send(ctx, tx, f, replaced)
		}); err != nil {
			return err
		}
		if b.All && b.progress().Refused > 0 {
			return b.nobody()
		}
		if len(rows) == 0 {
			return nil
		}
		return tx.InsertRunRows(ctx, b.Workspace, b.Key, rows)
	})
	if err != nil {
		copy(b.verdicts, before)
	}
	return to, err
}

// nobody is the error of a run that is all or nobody.
func (b *bulk) nobody() *BulkError {
	all := slices.Clone(b.verdicts)
	for i := range all {
		if all[i].State == BulkSent {
			all[i] = BulkVerdict{Line: all[i].Line, State: BulkPlanned}
		}
	}
	return &BulkError{all}
}

// A bulkUnit is what a unit, or a plan, is decided from.
type bulkUnit struct {
	*bulk
	service *BulkService
	actor   rbac.Actor
	facts   rbac.Facts
	now     time.Time
	// most is how many a unit takes, fresh that there is no run with the key.
	most  int
	fresh bool
	valid time.Duration
}

// begin authorizes, and finds the run of the key.
func (s *BulkService) begin(ctx context.Context, r Reader, actor rbac.Actor, b *bulk) (*bulkUnit, error) {
	facts, err := s.env.Authorize(ctx, r, actor, rbac.InviteMember, rbac.OnWorkspace(b.Workspace), workspace.ErrNotFound)
	if err != nil {
		return nil, err
	}
	u := &bulkUnit{bulk: b, service: s, actor: actor, facts: facts, now: s.env.Now(), fresh: true}
	found, err := r.Lookup(ctx, Lookup{Workspace: facts.Owner, Settings: true})
	if err != nil {
		return nil, err
	}
	settings := s.members.settings(&found)
	u.most, u.valid = settings.MaxBatch, settings.Validity
	if b.Key == "" {
		return u, nil
	}
	run, err := r.Run(ctx, RunQuery{Workspace: b.Workspace, Key: b.Key})
	if err != nil {
		return nil, err
	}
	// Why not what is stored: a run goes with the first that is begun after its time.
	if u.fresh = run.StartedAt.IsZero() || run.StartedAt.Before(u.now.Add(-BulkKept)); !u.fresh && run.Digest != b.digest {
		return nil, ErrBulkKey
	}
	return u, nil
}

// decide gives the verdicts on the rows from..to, and calls send for each that can
// be sent; without send they are planned.
func (u *bulkUnit) decide(ctx context.Context, r Reader, from, to int, send func(*invitation, int, invitee, *Member) error) error {
	run := Run{}
	if !u.fresh {
		var err error
		if run, err = r.Run(ctx, RunQuery{Workspace: u.Workspace, Key: u.Key, From: from + 1, To: to}); err != nil {
			return err
		}
	}
	sent, rows := sentBy(run), u.rows[from:to]
	found, err := lookupInParts(ctx, r, lookupFor(u.facts.Owner, rows))
	if err != nil {
		return err
	}
	r = recall(r)
	v := &invitation{service: u.service.members, actor: u.actor, facts: u.facts, found: found, validity: u.valid, now: u.now}
	for i, f := range rows {
		verdict := &u.verdicts[from+i]
		if m, ok := sent[from+i+1]; ok {
			verdict.State, verdict.Member = BulkEarlier, m
			continue
		}
		replaced, err := v.decide(ctx, r, &f)
		switch {
		case err != nil && !isVerdict(err):
			return err
		case err != nil:
			verdict.State, verdict.Err = BulkRefused, err
		case send == nil:
			verdict.State = BulkPlanned
		default:
			if err := send(v, from+i, f, replaced); err != nil {
				return err
			}
		}
	}
	return nil
}

// chunks yields the parts of n rows, of a size at most.
func chunks(n, size int) func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		for from := 0; from < n; from += size {
			if !yield(from, min(from+size, n)) {
				return
			}
		}
	}
}
