package miniprogram

import (
	"context"
	"maps"
	"time"

	"golang.org/x/mod/semver"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// Submit asks that a version may be released (V3). The request freezes everything
// that is reviewed, [Reviewed] as JSON; if any of it is changed the request is
// void, and the version new again. The caller needs version.submit, and may give
// a reason of at most 500 characters. Errors: *fault.InvalidError; a *[MoveError]
// the second time; *[OtherVersionError] while another one is under review;
// *[LowerError] below the released one; *[IncompleteError] with all that is
// missing; [ErrArchived].
func (s *Service) Submit(ctx context.Context, actor rbac.Actor, version id.Version, reason string) (r approval.Request, err error) {
	defer fault.Wrap(&err, "miniprogram: submit version")
	if reason, err = checkReason(reason, 0); err != nil {
		return r, err
	}
	newID := id.Request{UUID: s.env.NewID()}
	err = s.change(ctx, actor, rbac.SubmitVersion, Subject{Version: version}, func(ctx context.Context, c *change) error {
		// Why: what was changed elsewhere, such as a feature of the catalogue, ends
		// reviews as well, and then stands in nobody's way.
		if err := c.settle(ctx); err != nil {
			return err
		}
		if err := c.maySubmit(c.Version); err != nil {
			return err
		}
		v := c.Version
		frozen, digest, err := c.freeze(v)
		if err != nil {
			return err
		}
		asked := approval.Request{
			ID: newID, Kind: approval.VersionRelease, Workspace: v.Workspace, Tenant: v.Tenant, MiniProgram: v.MiniProgram,
			Object: rbac.OnVersion(v.ID), Frozen: frozen, Digest: digest, Reason: reason, SubmittedAt: c.now,
		}
		if err := approval.Submit(ctx, c.tx, actor, asked); err != nil {
			return err
		}
		asked.Status, asked.Submitter = approval.InReview, actor.Account()
		c.Requests = append(c.Requests, asked)
		r = asked
		v.Digest = digest
		return c.move(ctx, MoveSubmit, v, Step{Reason: reason})
	})
	if err != nil {
		return approval.Request{}, err
	}
	return r, nil
}

// maySubmit decides whether a version may be submitted as things stand.
func (d Dossier) maySubmit(v Version) error {
	if _, err := MoveSubmit.to(v.Status); err != nil {
		return err
	}
	for _, other := range d.Live {
		if other.Status == UnderReview {
			return other.inTheWay()
		}
	}
	if err := d.lower(v); err != nil {
		return err
	}
	missing := &IncompleteError{Gaps: d.Missing(), Uncovered: feature.Uncovered(v.JSAPIs, d.features())}
	if v.Notes[d.MiniProgram.Language] == "" {
		missing.Note = d.MiniProgram.Language
	}
	return missing.err()
}

// lower returns a *LowerError for a version below the full one.
func (d Dossier) lower(v Version) error {
	full, ok := d.live(d.MiniProgram.Stages.Full)
	if ok && full.ID != v.ID && semver.Compare("v"+v.Number, "v"+full.Number) < 0 {
		return &LowerError{Number: v.Number, Full: full.Number}
	}
	return nil
}

// stale reports whether a version is reviewed, or was approved, as something else
// than it is now (V3, V4).
func (d Dossier) stale(v Version) (bool, error) {
	if v.Status != UnderReview && v.Status != VersionApproved {
		return false, nil
	}
	_, digest, err := d.freeze(v)
	return digest != v.Digest, err
}

// EditNotes replaces the release notes of a version, by BCP 47 tag: at most 100 of
// 2,000 characters each. They are reviewed: a request for the version is void, and
// an approval is lost. The caller needs version.note.edit. Errors:
// *fault.InvalidError; *[MoveError] once users get the version, or got it;
// [ErrArchived]. The same notes a second time change nothing.
func (s *Service) EditNotes(ctx context.Context, actor rbac.Actor, version id.Version, notes map[string]string) (v Version, err error) {
	defer fault.Wrap(&err, "miniprogram: edit notes")
	var p fault.Problems
	notes = checkNotes(&p, notes)
	if err := p.Err(); err != nil {
		return v, err
	}
	var c *change
	err = s.change(ctx, actor, rbac.EditVersionNote, Subject{Version: version}, func(ctx context.Context, in *change) error {
		c = in
		if err := c.Version.mayEditNotes(); err != nil {
			return err
		}
		if maps.Equal(c.Version.Notes, notes) {
			return nil
		}
		after := c.Version
		after.Notes = notes
		return c.store(ctx, EventNotesSet, c.Version, after, "")
	})
	if err != nil {
		return Version{}, err
	}
	return c.Version, nil
}

// mayEditNotes returns a *MoveError for a version that users get, or got: they
// were told what was reviewed.
func (v Version) mayEditNotes() error {
	switch v.Status {
	case VersionNew, UnderReview, VersionApproved, VersionRejected, Canceled, VersionOffline:
		return nil
	}
	return &MoveError{Move: "edit_notes", Status: v.Status, Open: OpenMoves(v.Status)}
}

// A releasing is what a request for a version's release is about.
type releasing struct {
	*change
	digest [32]byte
}

// LoadRelease reads what a request for a version's release is about, in the unit
// that ends it. It is how such requests are handled: see [approval.Spec].
func LoadRelease(ctx context.Context, tx Tx, actor rbac.Actor, r approval.Request, now time.Time) (approval.Matter, error) {
	c, err := open(ctx, tx, actor, now, Subject{Version: id.Version{UUID: r.Object.ID}})
	if err != nil {
		return nil, err
	}
	_, digest, err := c.freeze(c.Version)
	return releasing{c, digest}, err
}

// Digest is that of everything that is reviewed, as it is now.
func (r releasing) Digest() [32]byte { return r.digest }

// End gives the version the status that the request's means.
func (r releasing) End(ctx context.Context, ended approval.Request) error {
	v := r.Version
	m := endings[ended.Status]
	if m == MoveWithdraw || m == MoveVoid {
		v.Digest = [32]byte{}
	}
	return r.move(ctx, m, v, Step{Reason: ended.Answer})
}

// endings is what the end of a request does to its version.
var endings = map[approval.Status]Move{
	approval.Approved: MoveApprove, approval.Rejected: MoveReject, approval.Withdrawn: MoveWithdraw, approval.Void: MoveVoid,
}

// checkReason returns a reason as it is stored.
func checkReason(reason string, min int) (string, error) {
	var p fault.Problems
	reason = text.Line(&p, "reason", reason, min, workspace.MaxReason)
	return reason, p.Err()
}
