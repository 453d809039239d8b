package miniprogram

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// A VersionFilter says which versions [Service.Versions] lists.
type VersionFilter struct {
	// MiniProgram is whose versions; required.
	MiniProgram id.MiniProgram
	// Statuses selects versions with one of these; nil means any.
	Statuses []VersionStatus
}

// Versions returns a page of a mini program's versions, oldest first (V7). The
// caller needs version.view on it. An unknown status is a *fault.InvalidError.
func (s *Service) Versions(ctx context.Context, actor rbac.Actor, f VersionFilter, req page.Request) (page.Page[Version], error) {
	var q VersionQuery
	if len(f.Statuses) > 0 {
		q.Statuses = f.Statuses
	}
	for _, st := range f.Statuses {
		if !slices.ContainsFunc(transitions, func(t Transition) bool { return t.From == st }) {
			return page.Page[Version]{}, fault.Invalid("statuses", "unknown", "want statuses of versions, such as new or under_review")
		}
	}
	return listOf(ctx, s, actor, f.MiniProgram, req, versionList, rbac.ViewVersion,
		func(ctx context.Context, r Reader, after id.UUID, limit int) ([]Version, error) {
			q.MiniProgram, q.After, q.Limit = f.MiniProgram, id.Version{UUID: after}, limit
			return r.Versions(ctx, q)
		}, versionKey)
}

const versionList = "miniprogram.versions"

func versionKey(v Version) []byte { return v.ID.Bytes() }

// VersionDetails is a version with its history and what is open to the caller
// (V7).
type VersionDetails struct {
	Version
	// Requests are those for its release, oldest first, without what they froze:
	// whoever may see that asks for the request itself.
	Requests []approval.Request
	// Moves are open to the caller, by right and as things stand. To decide a
	// request is not among them: the request tells who may.
	Moves []Move
	// NotesOpen says that the caller may edit the release notes.
	NotesOpen bool
	// Gaps are what the mini program lacks before the version may be submitted,
	// Uncovered the JSAPIs that it uses and no attached feature has.
	Gaps      []Gap
	Uncovered []string
}

// Version returns a version with its requests, its progress and the moves open to
// the caller, who needs version.view on it; [ErrVersionNotFound] for anyone who is
// a member neither of its workspace nor of its tenant. A version whose review is
// no longer of what it froze shows the moves of a new one.
func (s *Service) Version(ctx context.Context, actor rbac.Actor, version id.Version) (v VersionDetails, err error) {
	defer fault.Wrap(&err, "miniprogram: version")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewVersion, rbac.OnVersion(version), ErrVersionNotFound)
		if err != nil {
			return err
		}
		d, err := r.Dossier(ctx, Subject{Version: version})
		if err != nil {
			return err
		}
		may := func(p rbac.Permission) bool {
			return d.MiniProgram.Status != Archived && s.env.Matrix.Decide(actor, facts, p).Allowed
		}
		v = VersionDetails{Version: d.Version, Gaps: d.Missing(), Uncovered: feature.Uncovered(d.Version.JSAPIs, d.features())}
		if v.Requests, err = history(ctx, r, d.Version); err != nil {
			return err
		}
		if d, err = d.settled(); err != nil {
			return err
		}
		v.NotesOpen = may(rbac.EditVersionNote) && d.Version.mayEditNotes() == nil
		for _, m := range OpenMoves(d.Version.Status) {
			if may(m.Right()) && d.refused(m, facts) == nil {
				v.Moves = append(v.Moves, m)
			}
		}
		return nil
	})
	return v, err
}

// history returns the requests for a version's release, without what they froze.
func history(ctx context.Context, r Reader, v Version) (all []approval.Request, err error) {
	q := approval.Query{
		MiniProgram: v.MiniProgram, Object: rbac.OnVersion(v.ID), Kinds: []approval.Kind{approval.VersionRelease}, Limit: page.MaxSize,
	}
	for {
		found, err := r.Requests(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, x := range found {
			x.Frozen = nil
			all = append(all, x.Request)
			q.After = x.ID
		}
		if len(found) < q.Limit {
			return all, nil
		}
	}
}

// settled returns the dossier with versions as new whose review is no longer of
// what it froze: the next change makes them so.
func (d Dossier) settled() (Dossier, error) {
	d.Live = slices.Clone(d.Live)
	for i, v := range d.Live {
		stale, err := d.stale(v)
		if err != nil {
			return d, err
		}
		if !stale {
			continue
		}
		d.Live[i].Status = VersionNew
		if d.Version.ID == v.ID {
			d.Version.Status = VersionNew
		}
	}
	return d, nil
}

// refused returns why a move that is open in the status of the dossier's version
// is not open as things stand.
func (d Dossier) refused(m Move, f rbac.Facts) error {
	switch m {
	case MoveSubmit:
		return d.maySubmit(d.Version)
	case MovePilot, MoveGrayscale, MoveGrow, MoveRelease:
		return d.mayLaunch(m, d.Version)
	case MoveRollBack:
		return d.mayRollBack(d.Version)
	case MoveTakeOffline:
		return d.mayTakeOffline()
	case MoveBringBack:
		return d.mayBringBack(f)
	case MoveApprove, MoveReject:
		return ErrMove
	}
	return nil
}
