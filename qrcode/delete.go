package qrcode

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

var (
	// ErrDeleted is the error for changing a code that is deleted.
	ErrDeleted = fault.Define(fault.ErrState, "qrcode.deleted", "the code is deleted: restore it first")
	// ErrNotDeleted is the error for restoring a code that is not deleted.
	ErrNotDeleted = fault.Define(fault.ErrState, "qrcode.not_deleted", "the code is not deleted: there is nothing to restore")
)

// Delete takes a code out of the list; [Service.Restore] brings it back as it was,
// and the default one too (Q1). A short code leads nowhere meanwhile. A direct code
// that is printed opens its page as before: whoever scans it asks nobody. The
// caller needs qrcode.manage. Errors: [ErrNotFound]; [ErrDeleted] the second time;
// [miniprogram.ErrArchived].
func (s *Service) Delete(ctx context.Context, actor rbac.Actor, code id.QRCode) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: delete")
	return s.change(ctx, actor, code, EventDeleted, func(d Definition, now time.Time) (Definition, error) {
		if err := d.present(); err != nil {
			return d, err
		}
		d.DeletedAt = now
		return d, nil
	})
}

// Restore brings a deleted code back, with its short id, history and count. One
// that was revoked or has expired stays so. The caller needs qrcode.manage. Errors:
// [ErrNotFound]; [ErrNotDeleted], so the second time; [miniprogram.ErrArchived].
func (s *Service) Restore(ctx context.Context, actor rbac.Actor, code id.QRCode) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: restore")
	return s.change(ctx, actor, code, EventRestored, func(d Definition, _ time.Time) (Definition, error) {
		if d.DeletedAt.IsZero() {
			return d, ErrNotDeleted
		}
		d.DeletedAt = time.Time{}
		return d, nil
	})
}
