package memory

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
)

// QRCode returns one.
func (r *reader) QRCode(ctx context.Context, c id.QRCode) (qrcode.Definition, error) {
	if err := r.ready(ctx); err != nil {
		return qrcode.Definition{}, err
	}
	found := r.state.codes.get(c.UUID)
	if found == nil {
		return qrcode.Definition{}, qrcode.ErrNotFound
	}
	return copyCode(*found), nil
}

// QRCodes returns those of a mini program.
func (r *reader) QRCodes(ctx context.Context, p id.MiniProgram, after id.QRCode, limit int) ([]qrcode.Definition, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	var list []qrcode.Definition
	for key := range r.state.codesOf.after(p.UUID, after.UUID) {
		if len(list) >= limit {
			break
		}
		list = append(list, copyCode(*r.state.codes.get(key)))
	}
	return list, nil
}

// InsertQRCode stores a new definition.
func (t *tx) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if err := t.state.codes.free(d.ID.UUID); err != nil {
		return err
	}
	if t.state.programs.get(d.MiniProgram.UUID) == nil {
		return miniprogram.ErrNotFound
	}
	d = copyCode(d)
	d.CreatedAt = stored(d.CreatedAt)
	t.state.codes.put(d.ID.UUID, &d)
	t.state.codesOf.add(d.MiniProgram.UUID, d.ID.UUID)
	t.changed = append(t.changed, rbac.OnQRCode(d.ID))
	return nil
}

func copyCode(d qrcode.Definition) qrcode.Definition {
	d.Params = copied(d.Params)
	return d
}
