package superapp

import (
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A recording is what a unit has done.
type recording struct {
	events []audit.Event
	// made are the ids of the records that are new, in order.
	made []id.UUID
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

func (r recorder) AppendEvent(ctx context.Context, e audit.Event) error {
	err := r.Tx.AppendEvent(ctx, e)
	if err == nil {
		r.to.events = append(r.to.events, e)
		if e.Verb == approval.EventSubmitted {
			// Why not as below: requests have one way into the store.
			err = r.new(e.Object.ID, nil)
		}
	}
	return err
}

// new notes the id of a record that was stored.
func (r recorder) new(u id.UUID, err error) error {
	if err == nil {
		r.to.made = append(r.to.made, u)
	}
	return err
}

func (r recorder) InsertWorkspace(ctx context.Context, w workspace.Workspace) error {
	return r.new(w.ID.UUID, r.Tx.InsertWorkspace(ctx, w))
}

func (r recorder) InsertMember(ctx context.Context, m member.Member) error {
	return r.new(m.ID.UUID, r.Tx.InsertMember(ctx, m))
}

func (r recorder) InsertLink(ctx context.Context, l member.Link) error {
	return r.new(l.ID.UUID, r.Tx.InsertLink(ctx, l))
}

func (r recorder) InsertMiniProgram(ctx context.Context, p miniprogram.MiniProgram, terms []string) error {
	return r.new(p.ID.UUID, r.Tx.InsertMiniProgram(ctx, p, terms))
}

func (r recorder) InsertVersion(ctx context.Context, v miniprogram.Version) error {
	return r.new(v.ID.UUID, r.Tx.InsertVersion(ctx, v))
}

func (r recorder) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	return r.new(d.ID.UUID, r.Tx.InsertQRCode(ctx, d))
}

func (r recorder) InsertDefaultQRCode(ctx context.Context, p miniprogram.MiniProgram, c id.QRCode) error {
	return r.new(c.UUID, r.Tx.InsertDefaultQRCode(ctx, p, c))
}
