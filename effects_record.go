package superapp

import (
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A recording is what a unit has done.
type recording struct {
	events []audit.Event
	// made are the ids that are new, as they are written, in order.
	made []string
}

// A recorder is a transaction that records the events that are appended through
// it, and what is new.
type recorder struct {
	storage.Tx
	to *recording
}

// Nest records what a nested unit did, if it is kept.
func (r recorder) Nest(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	var inner recording
	err := r.Tx.Nest(ctx, s, func(ctx context.Context, tx storage.Tx) error {
		inner = recording{}
		return fn(ctx, recorder{tx, &inner})
	})
	if err == nil {
		r.to.events = append(r.to.events, inner.events...)
		r.to.made = append(r.to.made, inner.made...)
	}
	return err
}

// making are the verbs whose object is new.
var making = map[audit.Verb]bool{
	workspace.EventOpened: true, approval.EventSubmitted: true,
	member.EventInvited: true, member.EventEntered: true, member.EventJoined: true, member.EventLinkCreated: true,
	role.EventCreated: true, feature.EventDefined: true, feature.EventJSAPIDefined: true,
	miniprogram.EventCreated: true, miniprogram.EventUploaded: true, qrcode.EventDefined: true,
}

// AppendEvent records the event, and what is new in it.
func (r recorder) AppendEvent(ctx context.Context, e audit.Event) error {
	if err := r.Tx.AppendEvent(ctx, e); err != nil {
		return err
	}
	r.to.events = append(r.to.events, e)
	switch {
	case making[e.Verb]:
		r.to.made = append(r.to.made, e.Object.ID.String())
	case e.Verb == audit.EventErased:
		return r.to.erased(e)
	}
	return nil
}

// erased records a pseudonym, and the commitments with a new salt.
func (r *recording) erased(e audit.Event) error {
	found, err := e.DecodeErasure()
	if err != nil {
		return err
	}
	r.made = append(r.made, found.Pseudonym)
	for _, x := range found.Events {
		r.made = append(r.made, x.Commitment)
	}
	return nil
}

// InsertQRCode records the short id, which is drawn like the id.
func (r recorder) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	err := r.Tx.InsertQRCode(ctx, d)
	if err == nil && d.Short != "" {
		r.to.made = append(r.to.made, d.Short)
	}
	return err
}

// InsertDefaultQRCode records the id of a code that comes with its mini program,
// and with no event of its own.
func (r recorder) InsertDefaultQRCode(ctx context.Context, p miniprogram.MiniProgram, c id.QRCode) error {
	err := r.Tx.InsertDefaultQRCode(ctx, p, c)
	if err == nil {
		r.to.made = append(r.to.made, c.String())
	}
	return err
}
