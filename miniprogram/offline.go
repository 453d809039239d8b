package miniprogram

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// TakeOffline takes a published mini program from all its users (P7): the version
// in pilot testing or grayscale is canceled, the released one waits for
// [Service.BringBack]. The caller needs miniprogram.offline, and gives a reason of
// at most 500 characters. Errors: *fault.InvalidError; [ErrNotPublished], also the
// second time; [ErrArchived].
func (s *Service) TakeOffline(ctx context.Context, actor rbac.Actor, program id.MiniProgram, reason string) (p MiniProgram, err error) {
	defer fault.Wrap(&err, "miniprogram: take offline")
	if reason, err = checkReason(reason, 1); err != nil {
		return p, err
	}
	err = s.change(ctx, actor, rbac.OfflineMiniProgram, Subject{MiniProgram: program}, func(ctx context.Context, c *change) error {
		if err := c.mayTakeOffline(); err != nil {
			return err
		}
		after := c.MiniProgram
		if err := c.moveLive(ctx, MoveCancelRelease, after.Stages.Candidate, reason); err != nil {
			return err
		}
		// Why: it may be offline already, if the other one brought the users back.
		if full, _ := c.live(after.Stages.Full); full.Status == Released {
			if err := c.move(ctx, MoveTakeOffline, full, Step{Reason: reason}); err != nil {
				return err
			}
		}
		after.Status, after.Stages = Offline, Stages{Full: after.Stages.Full}
		err := c.set(ctx, after, reason)
		p = c.MiniProgram
		return err
	})
	if err != nil {
		return MiniProgram{}, err
	}
	return p, nil
}

func (d Dossier) mayTakeOffline() error {
	if d.MiniProgram.Status != Published {
		return ErrNotPublished
	}
	return nil
}

// BringBack gives everybody the version again that was released when the mini
// program was taken offline, provided that nothing that was reviewed has been
// changed (P7). The caller needs miniprogram.offline, and the workspace and its
// tenant must be verified. Errors: [ErrNotOffline], also the second time;
// [ErrNothingBack]; [ErrChanged]; [ErrUnverified]; [ErrArchived].
func (s *Service) BringBack(ctx context.Context, actor rbac.Actor, program id.MiniProgram) (p MiniProgram, err error) {
	defer fault.Wrap(&err, "miniprogram: bring back")
	err = s.change(ctx, actor, rbac.OfflineMiniProgram, Subject{MiniProgram: program}, func(ctx context.Context, c *change) error {
		if err := c.mayBringBack(c.facts); err != nil {
			return err
		}
		if err := c.moveLive(ctx, MoveBringBack, c.MiniProgram.Stages.Full, ""); err != nil {
			return err
		}
		err := c.stage(ctx, c.MiniProgram.Stages, "")
		p = c.MiniProgram
		return err
	})
	if err != nil {
		return MiniProgram{}, err
	}
	return p, nil
}

// mayBringBack decides whether the mini program may come back as things stand.
func (d Dossier) mayBringBack(f rbac.Facts) error {
	if d.MiniProgram.Status != Offline {
		return ErrNotOffline
	}
	if f.OwnerStatus != rbac.Verified || f.TenantStatus != rbac.Verified {
		return ErrUnverified
	}
	full, ok := d.live(d.MiniProgram.Stages.Full)
	if !ok || full.Status != VersionOffline {
		return ErrNothingBack
	}
	_, digest, err := d.freeze(full)
	if err == nil && digest != full.Digest {
		err = ErrChanged
	}
	return err
}
