package miniprogram

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// An Attachment is what became of attaching a feature.
type Attachment struct {
	// Attached says that the mini program has it.
	Attached bool
	// Request is for a feature that needs activation: it is attached once this is
	// approved.
	Request approval.Request
}

// AttachFeature gives a mini program a feature that is shared with its workspace
// (F2): at once if it has direct access, else by a request that somebody with
// approval.decide approves. It is reviewed with a version: one that is under
// review, or approved and not yet in pilot testing, has to be submitted again. The
// caller needs feature.attach, and may give a reason of at most 500 characters.
// Errors: *fault.InvalidError; feature.ErrNotFound, also for what is not shared
// with the workspace; feature.ErrRetired; [ErrAttached], as the second time;
// approval.ErrOpen while it is asked for; [ErrArchived]; [ErrNotFound].
func (s *Service) AttachFeature(ctx context.Context, actor rbac.Actor, p id.MiniProgram, f id.Feature, reason string) (a Attachment, err error) {
	defer fault.Wrap(&err, "miniprogram: attach feature")
	if reason, err = checkReason(reason, 0); err != nil {
		return a, err
	}
	newID := id.Request{UUID: s.env.NewID()}
	err = s.change(ctx, actor, rbac.AttachFeature, Subject{MiniProgram: p, Feature: f}, func(ctx context.Context, c *change) error {
		if err := c.mayAttach(); err != nil {
			return err
		}
		if c.Feature.Access == feature.Direct {
			a = Attachment{Attached: true}
			// Why: it may have needed activation when it was asked for.
			if err := c.voidActivation(ctx); err != nil {
				return err
			}
			return c.attach(ctx, reason)
		}
		frozen, digest, err := c.activating()
		if err != nil {
			return err
		}
		a = Attachment{}
		a.Request, err = c.ask(ctx, approval.Request{
			ID: newID, Kind: approval.FeatureActivation, Object: rbac.OnFeature(f), Frozen: frozen, Digest: digest, Reason: reason,
		})
		return err
	})
	if err != nil {
		return Attachment{}, err
	}
	return a, nil
}

var (
	// ErrAttached is the error for attaching a feature that the mini program has.
	ErrAttached = fault.Define(fault.ErrState, "miniprogram.feature_attached", "the mini program has this feature already")
	// ErrNotAttached is the error for detaching a feature that the mini program has
	// not.
	ErrNotAttached = fault.Define(fault.ErrState, "miniprogram.feature_not_attached", "the mini program does not have this feature")
)

// mayAttach decides whether the mini program may get the feature.
func (d Dossier) mayAttach() error {
	_, shared := d.Feature.SeenBy(d.MiniProgram.Workspace)
	switch {
	case d.attached(d.Feature.ID):
		return ErrAttached
	case d.Feature.ID.IsZero() || d.Feature.Tenant != d.MiniProgram.Tenant || !shared:
		return feature.ErrNotFound
	case d.Feature.Retired:
		return feature.ErrRetired
	}
	return nil
}

func (d Dossier) attached(f id.Feature) bool {
	return slices.ContainsFunc(d.Features, func(a Attached) bool { return a.ID == f })
}

// attach gives the mini program the feature.
func (c *change) attach(ctx context.Context, reason string) error {
	if err := c.tx.Attach(ctx, c.MiniProgram.ID, c.Feature.ID, c.now); err != nil {
		return err
	}
	c.Features = append(slices.Clip(c.Features), Attached{Feature: c.Feature, AttachedAt: c.now})
	slices.SortFunc(c.Features, func(a, b Attached) int { return a.ID.Compare(b.ID.UUID) })
	return c.event(ctx, EventFeatureAttached, rbac.OnMiniProgram(c.MiniProgram.ID), reason, nil, featureSnapshot(c.Feature))
}

// voidActivation ends the request for the feature, if there is one in review.
func (c *change) voidActivation(ctx context.Context) error {
	r, open := c.inReview(approval.FeatureActivation, rbac.OnFeature(c.Feature.ID))
	if !open {
		return nil
	}
	return approval.End(ctx, c.tx, c.actor, r, approval.Void, "", c.now)
}

// DetachFeature takes a feature from a mini program (F2): its later versions cannot
// use the JSAPIs in it. Versions under review, or approved and not yet in pilot
// testing, have to be submitted again; one that went offline comes back only after
// that. The caller needs feature.attach. Errors: *[FeatureInUseError] while a
// version that users get uses it; [ErrNotAttached], as the second time;
// [ErrArchived]; [ErrNotFound].
func (s *Service) DetachFeature(ctx context.Context, actor rbac.Actor, p id.MiniProgram, f id.Feature) (err error) {
	defer fault.Wrap(&err, "miniprogram: detach feature")
	return s.change(ctx, actor, rbac.AttachFeature, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		gone, rest, err := c.detach(f)
		if err != nil {
			return err
		}
		if err := c.tx.Detach(ctx, p, f); err != nil {
			return err
		}
		c.Features = rest
		return c.event(ctx, EventFeatureDetached, rbac.OnMiniProgram(p), "", featureSnapshot(gone), nil)
	})
}

// detach decides whether a feature may be taken from the mini program, and returns
// it and those that remain.
func (d Dossier) detach(f id.Feature) (gone feature.Feature, rest []Attached, err error) {
	i := slices.IndexFunc(d.Features, func(a Attached) bool { return a.ID == f })
	if i < 0 {
		return gone, nil, ErrNotAttached
	}
	gone, d.Features = d.Features[i].Feature, slices.Delete(slices.Clone(d.Features), i, i+1)
	inUse := &FeatureInUseError{Feature: gone.Name}
	for _, v := range d.Live {
		if v.Status != PilotTesting && v.Status != Grayscale && v.Status != Released {
			continue
		}
		used := slices.DeleteFunc(slices.Clone(v.JSAPIs), func(name string) bool { return !slices.Contains(gone.JSAPIs, name) })
		if used = feature.Uncovered(used, d.features()); len(used) > 0 {
			inUse.Uses = append(inUse.Uses, FeatureUse{Version: v.ID, Number: v.Number, Status: v.Status, JSAPIs: used})
		}
	}
	if len(inUse.Uses) > 0 {
		return gone, nil, inUse
	}
	return gone, d.Features, nil
}

// features returns the features that the mini program has.
func (d Dossier) features() []feature.Feature {
	all := make([]feature.Feature, len(d.Features))
	for i, a := range d.Features {
		all[i] = a.Feature
	}
	return all
}

// Features returns the features that a mini program has, with the JSAPIs in them
// (F2), in the order in which they were defined. The caller needs feature.view on
// it; [ErrNotFound] for anyone who is a member neither of its workspace nor of its
// tenant.
func (s *Service) Features(ctx context.Context, actor rbac.Actor, p id.MiniProgram) (all []Attached, err error) {
	defer fault.Wrap(&err, "miniprogram: features")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewFeature, rbac.OnMiniProgram(p), ErrNotFound); err != nil {
			return err
		}
		d, err := r.Dossier(ctx, Subject{MiniProgram: p})
		all = d.seen()
		return err
	})
	return all, err
}

// seen returns the features as the mini program's workspace sees them.
func (d Dossier) seen() []Attached {
	all := slices.Clone(d.Features)
	for i, a := range all {
		// Why not the second result: one that is not shared any more stays attached.
		all[i].Feature, _ = a.SeenBy(d.MiniProgram.Workspace)
	}
	return all
}

// An Activating is what a request for a feature freezes, as JSON.
type Activating struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
	// Name is that of the mini program.
	Name        string          `json:"name"`
	Feature     ReviewedFeature `json:"feature"`
	Description string          `json:"description,omitempty"`
	Access      feature.Access  `json:"access"`
}

// activating returns what a request for the feature freezes, and its digest.
func (d Dossier) activating() (frozen json.RawMessage, digest [32]byte, err error) {
	frozen, err = json.Marshal(Activating{
		MiniProgram: d.MiniProgram.ID, Name: d.MiniProgram.Name,
		Feature:     ReviewedFeature{d.Feature.ID, d.Feature.Name, d.Feature.JSAPIs},
		Description: d.Feature.Description, Access: d.Feature.Access,
	})
	return frozen, sha256.Sum256(frozen), err
}

// An activation is what a request for a feature is about.
type activation struct {
	*change
	digest [32]byte
}

// LoadActivation reads what a request for a feature is about, in the unit that ends
// it. It is how such requests are handled: see [approval.Spec].
func LoadActivation(ctx context.Context, tx Tx, actor rbac.Actor, r approval.Request, now time.Time) (approval.Matter, error) {
	c, err := open(ctx, tx, actor, now, Subject{MiniProgram: r.MiniProgram, Feature: id.Feature{UUID: r.Object.ID}})
	if err != nil {
		return nil, err
	}
	// Why: what may not be attached any more is another matter than what was asked
	// for.
	if c.mayAttach() != nil {
		return activation{change: c}, nil
	}
	_, digest, err := c.activating()
	return activation{c, digest}, err
}

// Digest is that of the feature, as it is now.
func (a activation) Digest() [32]byte { return a.digest }

// End attaches the feature if the request was approved.
func (a activation) End(ctx context.Context, r approval.Request) error {
	if r.Status != approval.Approved {
		return nil
	}
	if err := a.attach(ctx, r.Reason); err != nil {
		return err
	}
	return a.settle(ctx)
}
