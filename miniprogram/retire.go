package miniprogram

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// Retire is for units that remove a mini program (X1, W4): it ends what is in
// flight and archives it. Requests in review are withdrawn, the version in pilot
// testing or grayscale and approved ones are canceled, the released one goes
// offline. d holds its Live versions and its Requests. [ErrArchived] the second
// time.
func Retire(ctx context.Context, tx Tx, actor rbac.Actor, d Dossier, reason string, now time.Time) error {
	c := &change{tx: tx, actor: actor, now: now, Dossier: d}
	return c.retire(ctx, reason)
}

func (c *change) retire(ctx context.Context, reason string) error {
	archived, err := c.MiniProgram.Archive(c.now)
	if err != nil {
		return err
	}
	for _, r := range c.Requests {
		if r.Status != approval.InReview {
			continue
		}
		if err := approval.End(ctx, c.tx, c.actor, r, approval.Withdrawn, reason, c.now); err != nil {
			return err
		}
	}
	for _, v := range c.Live {
		m, ends := retiring[v.Status]
		if !ends {
			continue
		}
		if m == MoveWithdraw {
			v.Digest = [32]byte{}
		}
		if err := c.move(ctx, m, v, Step{Reason: reason}); err != nil {
			return err
		}
	}
	archived.Stages.Candidate, archived.Stages.Percent = id.Version{}, 0
	return c.set(ctx, archived, reason)
}

// retiring is what becomes of versions whose mini program is removed.
var retiring = map[VersionStatus]Move{
	UnderReview: MoveWithdraw, VersionApproved: MoveCancelRelease, PilotTesting: MoveCancelRelease, Grayscale: MoveCancelRelease,
	Released: MoveTakeOffline,
}

// statusEvents are the events of a mini program that comes to a status.
var statusEvents = map[Status]audit.Verb{
	InDevelopment: EventUnpublished, Published: EventPublished, Offline: EventOffline, Archived: EventArchived,
}

// set stores the mini program as it is from now on, and reports it if its status
// is another.
func (c *change) set(ctx context.Context, p MiniProgram, reason string) error {
	before := c.MiniProgram
	if p == before {
		return nil
	}
	p.UpdatedAt = c.now
	if err := c.tx.UpdateMiniProgram(ctx, p, nil); err != nil {
		return err
	}
	c.MiniProgram = p
	if p.Status == before.Status {
		return nil
	}
	return c.event(ctx, statusEvents[p.Status], rbac.OnMiniProgram(p.ID), reason, before, p)
}
