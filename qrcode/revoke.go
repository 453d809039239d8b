package qrcode

import (
	"context"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

var (
	// ErrRevoked is the error for a short code that was revoked.
	ErrRevoked = fault.Define(fault.ErrState, "qrcode.revoked", "the code is revoked: reinstate it first")
	// ErrNotRevoked is the error for reinstating a code that is not revoked.
	ErrNotRevoked = fault.Define(fault.ErrState, "qrcode.not_revoked", "the code is not revoked: there is nothing to reinstate")
)

// Revoke makes a short code lead nowhere from now on, until [Service.Reinstate]
// (Q2). The caller needs qrcode.manage. Errors: [ErrNotFound]; [ErrDirect];
// [ErrDeleted]; [ErrRevoked] the second time; [miniprogram.ErrArchived].
func (s *Service) Revoke(ctx context.Context, actor rbac.Actor, code id.QRCode) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: revoke")
	return s.change(ctx, actor, code, EventRevoked, func(d Definition, now time.Time) (Definition, error) {
		if err := d.changeable(); err != nil {
			return d, err
		}
		if !d.RevokedAt.IsZero() {
			return d, ErrRevoked
		}
		d.RevokedAt = now
		return d, nil
	})
}

// Reinstate makes a revoked short code resolve again; one that has expired needs
// [Service.SetExpiry] as well. The caller needs qrcode.manage. Errors:
// [ErrNotFound]; [ErrDirect]; [ErrDeleted]; [ErrNotRevoked], so the second time;
// [miniprogram.ErrArchived].
func (s *Service) Reinstate(ctx context.Context, actor rbac.Actor, code id.QRCode) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: reinstate")
	return s.change(ctx, actor, code, EventReinstated, func(d Definition, _ time.Time) (Definition, error) {
		if err := d.changeable(); err != nil {
			return d, err
		}
		if d.RevokedAt.IsZero() {
			return d, ErrNotRevoked
		}
		d.RevokedAt = time.Time{}
		return d, nil
	})
}

// SetExpiry says from when on a short code does not resolve, to the microsecond;
// that instant is the first. It must be in the future; the zero time takes the
// expiry away. A code that has expired may be given another, and resolves again.
// The same a second time changes nothing. The caller needs qrcode.manage. Errors:
// *[fault.InvalidError]; [ErrNotFound]; [ErrDirect]; [ErrDeleted];
// [miniprogram.ErrArchived].
func (s *Service) SetExpiry(ctx context.Context, actor rbac.Actor, code id.QRCode, at time.Time) (c Code, err error) {
	defer fault.Wrap(&err, "qrcode: set expiry")
	var bad fault.Problems
	at = checkExpiry(&bad, at)
	if err := bad.Err(); err != nil {
		return Code{}, err
	}
	return s.change(ctx, actor, code, EventExpirySet, func(d Definition, now time.Time) (Definition, error) {
		if err := d.changeable(); err != nil {
			return d, err
		}
		if at.Equal(d.ExpiresAt) {
			return d, nil
		}
		return d.expiring(at, now)
	})
}

// checkExpiry returns the time as it is stored, and notes one that cannot be.
func checkExpiry(p *fault.Problems, at time.Time) time.Time {
	if at = unit.Time(at); at.Year() > maxYear {
		p.Add("expires_at", "not_allowed", fmt.Sprintf("want a year up to %d, got %d", maxYear, at.Year()))
	}
	return at
}

// maxYear is the last that every store and JSON can hold.
const maxYear = 9999

// expiring is the rule: the code with another expiry.
func (d Definition) expiring(at, now time.Time) (Definition, error) {
	if wrong := past(at, now); wrong != "" {
		return d, fault.Invalid("expires_at", "not_allowed", wrong)
	}
	d.ExpiresAt = at
	return d, nil
}

// past says that an expiry is not in the future, "" if it is, or is none.
func past(at, now time.Time) string {
	if at.IsZero() || at.After(now) {
		return ""
	}
	return fmt.Sprintf("want a time after %s, got %s: use Revoke to end it at once", now.Format(time.RFC3339Nano), at.Format(time.RFC3339Nano))
}
