package miniprogram

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// A format is what a picture's file begins with; those that a logo may have can be
// decoded.
type format struct {
	magic, name string
	config      func(io.Reader) (image.Config, error)
	decode      func(io.Reader) (image.Image, error)
}

var formats = []format{
	{"\x89PNG\r\n\x1a\n", "png", png.DecodeConfig, png.Decode},
	{"\xff\xd8\xff", "jpeg", jpeg.DecodeConfig, jpeg.Decode},
	{magic: "GIF8", name: "GIF"},
	{magic: "RIFF", name: "WebP"},
	{magic: "BM", name: "BMP"},
	{magic: "<", name: "SVG or another text"},
}

// formatOf returns the format of a file by its first bytes.
func formatOf(data []byte) format {
	for _, f := range formats {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return f
		}
	}
	return format{name: "another format"}
}

// checkLogo returns what is known of a logo, or what is wrong with it. What a
// picture says of its size is read before anything is decoded, so that a small
// file cannot ask for much memory.
func checkLogo(data []byte, l Limits) (Logo, error) {
	var p fault.Problems
	refuse := func(reason, detail string, given ...any) (Logo, error) {
		p.Add("logo", reason, fmt.Sprintf(detail, given...))
		return Logo{}, p.Err()
	}
	f := formatOf(data)
	switch {
	case len(data) == 0:
		return refuse("required", "want a picture, PNG or JPEG")
	case len(data) > l.LogoBytes:
		p.Add("logo", "too_long", fmt.Sprintf("want at most %d bytes, got %d", l.LogoBytes, len(data)))
	}
	if f.config == nil {
		return refuse("not_allowed", "want PNG or JPEG, got %s", f.name)
	}
	size, err := f.config(bytes.NewReader(data))
	if err != nil {
		return refuse("malformed", "the %s file has no readable picture", f.name)
	}
	if size.Width < 1 || size.Width != size.Height {
		p.Add("logo", "not_allowed", fmt.Sprintf("want a square picture, got %d by %d pixels", size.Width, size.Height))
	}
	if side := max(size.Width, size.Height); side > l.LogoSide {
		p.Add("logo", "too_long", fmt.Sprintf("want at most %d pixels a side, got %d", l.LogoSide, side))
	}
	if len(p) > 0 {
		return Logo{}, p.Err()
	}
	if _, err := f.decode(bytes.NewReader(data)); err != nil {
		return refuse("malformed", "the %s file is damaged or cut off", f.name)
	}
	return Logo{SHA256: sha256.Sum256(data), Format: f.name, Size: len(data), Side: size.Width}, nil
}

// ErrNoLogo is the error for a mini program that has no logo.
var ErrNoLogo = fault.Define(fault.ErrNotFound, "miniprogram.no_logo", "the mini program has no logo")

// SetLogo gives a mini program a logo, in place of the one it had (P1): a square
// PNG or JPEG, by its bytes and not by any name, whole and readable, at most as
// large as the [Limits] say. The same a second time changes nothing. A version
// under review goes back (V3).
//
// The caller needs miniprogram.edit. Errors: *fault.InvalidError, which says what
// was given; [ErrArchived].
func (s *Service) SetLogo(ctx context.Context, actor rbac.Actor, p id.MiniProgram, data []byte) (after Logo, err error) {
	defer fault.Wrap(&err, "miniprogram: set logo")
	if after, err = checkLogo(data, s.limits); err != nil {
		return Logo{}, err
	}
	err = s.change(ctx, actor, rbac.EditMiniProgram, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		if c.Profile.Logo == after {
			return nil
		}
		return c.putLogo(ctx, EventLogoSet, after, data)
	})
	if err != nil {
		return Logo{}, err
	}
	return after, nil
}

// DeleteLogo takes the logo from a mini program, which needs another before its
// next submission. A version under review goes back (V3). The caller needs
// miniprogram.edit. Errors: [ErrNoLogo], so the second time; [ErrArchived].
func (s *Service) DeleteLogo(ctx context.Context, actor rbac.Actor, p id.MiniProgram) (err error) {
	defer fault.Wrap(&err, "miniprogram: delete logo")
	return s.change(ctx, actor, rbac.EditMiniProgram, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		if c.Profile.Logo == (Logo{}) {
			return ErrNoLogo
		}
		return c.putLogo(ctx, EventLogoDeleted, Logo{}, nil)
	})
}

// putLogo stores a logo and what is known of it, and reports it; the zero Logo and
// nil are none.
func (c *change) putLogo(ctx context.Context, verb audit.Verb, l Logo, data []byte) error {
	var before, after audit.Snapshot
	if c.Profile.Logo != (Logo{}) {
		before = c.Profile.Logo
	}
	if l != (Logo{}) {
		after = l
	}
	if err := c.tx.PutLogo(ctx, c.MiniProgram.ID, data); err != nil {
		return err
	}
	c.Profile.Logo = l
	return c.putProfile(ctx, verb, before, after)
}

// Logo returns the logo of a mini program: its bytes, and what is known of them.
// The caller needs miniprogram.view on it. [ErrNoLogo] if it has none.
func (s *Service) Logo(ctx context.Context, actor rbac.Actor, p id.MiniProgram) (data []byte, l Logo, err error) {
	defer fault.Wrap(&err, "miniprogram: logo")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewMiniProgram, rbac.OnMiniProgram(p), ErrNotFound); err != nil {
			return err
		}
		d, err := r.Dossier(ctx, Subject{MiniProgram: p})
		if err != nil {
			return err
		}
		if l = d.Profile.Logo; l == (Logo{}) {
			return ErrNoLogo
		}
		data, err = r.Logo(ctx, p)
		return err
	})
	return data, l, err
}
