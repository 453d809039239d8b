package qrcode

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
)

// What a short code may answer to whoever scans it, beside [ErrRevoked].
var (
	// ErrShortNotFound: no code ever had this short id, or it cannot be one.
	ErrShortNotFound = fault.Define(fault.ErrNotFound, "qrcode.short_not_found", "no such short code")
	// ErrExpired: the code has expired.
	ErrExpired = fault.Define(fault.ErrState, "qrcode.expired", "the code has expired: set another expiry")
	// ErrGone: the code was deleted, or its mini program removed.
	ErrGone = fault.Define(fault.ErrState, "qrcode.gone", "the code or its mini program was removed")
	// ErrOffline: the workspace of the mini program, or its tenant, is disabled.
	ErrOffline = fault.Define(fault.ErrState, "qrcode.offline", "the mini program's workspace is disabled")
	// ErrNoLink: the service's [Scheme] makes no link of the code's target, or none that
	// can be one. The error wraps that of the scheme.
	ErrNoLink = fault.Define(fault.ErrState, "qrcode.no_link", "the scheme makes no link of the code's target")
)

// Resolved is what a short code leads to.
type Resolved struct {
	Code   id.QRCode
	Target Target
	// Link is the one that the service's [Scheme] makes of the target: where to send
	// whoever scanned the code.
	Link string
}

// Resolve returns what a short code leads to, and counts the scan if it leads
// anywhere. It needs no actor: it is for whoever holds the picture. The short id is
// the end of the link, as [Code.Short] has it; small letters do, and O, I and L
// where 0 and 1 were meant. It is one read, and an outdated answer is never given.
//
// Whether the mini program has a version for this user is not asked: that is for
// the app, as with a direct code (see miniprogram.Resolve).
//
// Errors: [ErrShortNotFound]; [ErrRevoked]; [ErrExpired]; [ErrGone]; [ErrOffline];
// [ErrNoLink].
func (s *Service) Resolve(ctx context.Context, short string) (r Resolved, err error) {
	defer fault.Wrap(&err, "qrcode: resolve")
	if r, err = s.resolve(ctx, short); err == nil {
		s.scans.add(r.Code)
	}
	return r, err
}

// Peek is [Service.Resolve] without the count: for previews of links and those who
// check mails.
func (s *Service) Peek(ctx context.Context, short string) (r Resolved, err error) {
	defer fault.Wrap(&err, "qrcode: peek")
	return s.resolve(ctx, short)
}

func (s *Service) resolve(ctx context.Context, typed string) (Resolved, error) {
	short, ok := parseShort(typed)
	if !ok {
		return Resolved{}, ErrShortNotFound
	}
	var found Scanned
	err := s.store.View(ctx, func(ctx context.Context, r Reader) (err error) {
		found, err = r.ShortCode(ctx, short)
		return err
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return Resolved{}, ErrShortNotFound
	case err != nil:
		return Resolved{}, err
	}
	if err := found.resolves(s.env.Now()); err != nil {
		return Resolved{}, err
	}
	var bad fault.Problems
	link, err := s.target(&bad, found.target())
	if err == nil {
		// Why checked again: the scheme may be another than the one of the definition,
		// and a line break in it would reach a header.
		err = bad.Err()
	}
	if err != nil {
		return Resolved{}, fmt.Errorf("%w: %w", ErrNoLink, err)
	}
	return Resolved{Code: found.ID, Target: found.target(), Link: link}, nil
}

// resolves is the rule: why the code leads nowhere now, nil if it does lead
// somewhere.
func (c Scanned) resolves(now time.Time) error {
	switch status := max(c.OwnerStatus, c.TenantStatus); {
	case c.Status == miniprogram.Archived, status >= rbac.Removed:
		return ErrGone
	case status >= rbac.Disabled && c.DeletedAt.IsZero():
		return ErrOffline
	}
	return c.working(now)
}

// working is the part of the rule that is about the code itself.
func (d Definition) working(now time.Time) error {
	switch {
	case !d.DeletedAt.IsZero():
		return ErrGone
	case !d.RevokedAt.IsZero():
		return ErrRevoked
	case !d.ExpiresAt.IsZero() && !now.Before(d.ExpiresAt):
		return ErrExpired
	}
	return nil
}
