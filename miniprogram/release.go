package miniprogram

import (
	"context"
	"fmt"
	"slices"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// Pilot gives an approved version to the testers of the mini program's
// configuration (V5). The caller needs version.release. Errors: a *[MoveError] the
// second time; *[OtherVersionError] while another one is in pilot testing or
// grayscale; *[LowerError] below the released one; *[IncompleteError] if a feature
// lost a JSAPI that it uses; [ErrChanged], and then the version is new again;
// [ErrArchived].
func (s *Service) Pilot(ctx context.Context, actor rbac.Actor, version id.Version) (v Version, err error) {
	defer fault.Wrap(&err, "miniprogram: pilot")
	return s.launch(ctx, actor, version, func(ctx context.Context, c *change) error {
		return c.launch(ctx, MovePilot, Step{}, Stages{Candidate: version, Full: c.MiniProgram.Stages.Full})
	})
}

// maxPercent is the greatest share of a grayscale: more is everybody.
const maxPercent = 99

// Grayscale gives an approved version, or the one in pilot testing, to a share of
// the users, 1 to 99 percent, and to the testers; or raises the share (V5). The
// caller needs version.release. Errors: *fault.InvalidError; *[PercentError] for a
// share that is not greater, such as the same a second time; those of
// [Service.Pilot].
func (s *Service) Grayscale(ctx context.Context, actor rbac.Actor, version id.Version, percent int) (v Version, err error) {
	defer fault.Wrap(&err, "miniprogram: grayscale")
	if percent < 1 || percent > maxPercent {
		return v, fault.Invalid("percent", "not_allowed", fmt.Sprintf("want 1 to %d, got %d", maxPercent, percent))
	}
	return s.launch(ctx, actor, version, func(ctx context.Context, c *change) error {
		m := MoveGrayscale
		if c.Version.Status == Grayscale {
			m = MoveGrow
			if now := c.MiniProgram.Stages.Percent; percent <= now {
				return &PercentError{Percent: now, Wanted: percent}
			}
		}
		return c.launch(ctx, m, Step{Percent: percent}, Stages{Candidate: version, Percent: percent, Full: c.MiniProgram.Stages.Full})
	})
}

// Release gives a version that is approved, in pilot testing or in grayscale to
// everybody; the one before is superseded (V5). The caller needs version.release.
// Errors: those of [Service.Pilot].
func (s *Service) Release(ctx context.Context, actor rbac.Actor, version id.Version) (v Version, err error) {
	defer fault.Wrap(&err, "miniprogram: release")
	return s.launch(ctx, actor, version, func(ctx context.Context, c *change) error {
		before, _ := c.live(c.MiniProgram.Stages.Full)
		if err := c.launch(ctx, MoveRelease, Step{}, Stages{Full: version}); err != nil {
			return err
		}
		// Why: the one before may have been submitted again while it was offline.
		if before.Status != Released && before.Status != VersionOffline {
			return nil
		}
		return c.move(ctx, MoveSupersede, before, Step{})
	})
}

// launch runs fn as a unit about a version that is to be released. One whose
// review is no longer of what it froze goes back instead.
func (s *Service) launch(ctx context.Context, actor rbac.Actor, version id.Version, fn func(context.Context, *change) error) (Version, error) {
	var c *change
	var stale bool
	err := s.change(ctx, actor, rbac.ReleaseVersion, Subject{Version: version}, func(ctx context.Context, in *change) (err error) {
		c = in
		if stale, err = c.stale(c.Version); err != nil || stale {
			return err // and settle sends the version back
		}
		return fn(ctx, c)
	})
	if err == nil && stale {
		err = ErrChanged
	}
	if err != nil {
		return Version{}, err
	}
	return c.Version, nil
}

// launch moves the version of the subject to where more users get it.
func (c *change) launch(ctx context.Context, m Move, step Step, to Stages) error {
	if err := c.mayLaunch(m, c.Version); err != nil {
		return err
	}
	if err := c.move(ctx, m, c.Version, step); err != nil {
		return err
	}
	return c.stage(ctx, to, "")
}

// mayLaunch decides whether more users may get a version as things stand.
func (d Dossier) mayLaunch(m Move, v Version) error {
	if _, err := m.to(v.Status); err != nil {
		return err
	}
	if err := d.candidate(v.ID); err != nil {
		return err
	}
	if percent := d.MiniProgram.Stages.Percent; m == MoveGrow && percent == maxPercent {
		return &PercentError{Percent: percent, Wanted: percent + 1}
	}
	if err := d.lower(v); err != nil {
		return err
	}
	return (&IncompleteError{Uncovered: feature.Uncovered(v.JSAPIs, d.features())}).err()
}

// candidate returns an *OtherVersionError if another version than this is in pilot
// testing or grayscale.
func (d Dossier) candidate(but id.Version) error {
	if other, ok := d.live(d.MiniProgram.Stages.Candidate); ok && other.ID != but {
		return other.inTheWay()
	}
	return nil
}

// stage stores which versions users get from now on, and the status of the mini
// program that follows from it (P7).
func (c *change) stage(ctx context.Context, to Stages, reason string) error {
	p := c.MiniProgram
	p.Stages = to
	full, _ := c.live(to.Full)
	switch {
	case to.Percent > 0 || full.Status == Released:
		p.Status = Published
	case p.Status == Published && !to.Full.IsZero():
		p.Status = Offline // as before the grayscale that ends here
	case p.Status == Published:
		p.Status = InDevelopment
	}
	return c.set(ctx, p, reason)
}

// CancelRelease ends the release of a version before it is complete: one that is
// approved, in pilot testing or in grayscale (V5). Whoever got it gets the
// released one again. It may be submitted again. The caller needs version.release,
// and may give a reason of at most 500 characters. Errors: *fault.InvalidError; a
// *[MoveError] the second time; [ErrArchived].
func (s *Service) CancelRelease(ctx context.Context, actor rbac.Actor, version id.Version, reason string) (v Version, err error) {
	defer fault.Wrap(&err, "miniprogram: cancel release")
	if reason, err = checkReason(reason, 0); err != nil {
		return v, err
	}
	var c *change
	err = s.change(ctx, actor, rbac.ReleaseVersion, Subject{Version: version}, func(ctx context.Context, in *change) error {
		c = in
		if err := c.move(ctx, MoveCancelRelease, c.Version, Step{Reason: reason}); err != nil {
			return err
		}
		to := c.MiniProgram.Stages
		if to.Candidate == version {
			to.Candidate, to.Percent = id.Version{}, 0
		}
		return c.stage(ctx, to, reason)
	})
	if err != nil {
		return Version{}, err
	}
	return c.Version, nil
}

// RollBack gives everybody a version again that was released earlier, in place of
// the one that is released now; it may be done any number of times, and back
// again (V5). The caller needs version.release, and may give a reason of at most
// 500 characters. Errors: *fault.InvalidError; [ErrNeverReleased]; a *[MoveError]
// the second time; *[IncompleteError] if the version uses JSAPIs that were
// detached since; *[OtherVersionError] while a version is in pilot testing or
// grayscale; [ErrOffline]; [ErrArchived].
func (s *Service) RollBack(ctx context.Context, actor rbac.Actor, version id.Version, reason string) (v Version, err error) {
	defer fault.Wrap(&err, "miniprogram: roll back")
	if reason, err = checkReason(reason, 0); err != nil {
		return v, err
	}
	var c *change
	err = s.change(ctx, actor, rbac.ReleaseVersion, Subject{Version: version}, func(ctx context.Context, in *change) error {
		c = in
		if err := c.mayRollBack(c.Version); err != nil {
			return err
		}
		before := c.MiniProgram.Stages.Full
		if err := c.move(ctx, MoveRollBack, c.Version, Step{Reason: reason}); err != nil {
			return err
		}
		if err := c.moveLive(ctx, MoveDisplace, before, reason); err != nil {
			return err
		}
		return c.stage(ctx, Stages{Full: version}, reason)
	})
	if err != nil {
		return Version{}, err
	}
	return c.Version, nil
}

// mayRollBack decides whether everybody may get an earlier version again as things
// stand.
func (d Dossier) mayRollBack(v Version) error {
	if !slices.ContainsFunc(v.Progress, func(s Step) bool { return s.Status == Released }) {
		return ErrNeverReleased
	}
	if _, err := MoveRollBack.to(v.Status); err != nil {
		return err
	}
	if err := d.candidate(v.ID); err != nil {
		return err
	}
	if full, _ := d.live(d.MiniProgram.Stages.Full); full.Status != Released {
		return ErrOffline
	}
	return (&IncompleteError{Uncovered: feature.Uncovered(v.JSAPIs, d.features())}).err()
}
