package mapstore

import (
	"cmp"
	"context"
	"slices"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/storage"
)

func (r reader) QRCode(_ context.Context, c id.QRCode) (qrcode.Definition, error) {
	d, err := get(r.state.codes, c, qrcode.ErrNotFound)
	return cloneCode(d), err
}

func (r reader) QRCodes(_ context.Context, q qrcode.Query) ([]qrcode.Definition, error) {
	return pick(r.state.codes, q.Limit, func(d qrcode.Definition) bool {
		return d.MiniProgram == q.MiniProgram && d.DeletedAt.IsZero() != q.Deleted && d.ID.Compare(q.After.UUID) > 0
	}, byCode, cloneCode), nil
}

func byCode(a, b qrcode.Definition) int { return a.ID.Compare(b.ID.UUID) }

func (r reader) DefaultQRCode(_ context.Context, p id.MiniProgram) (qrcode.Definition, error) {
	return r.state.findCode(func(d qrcode.Definition) bool { return d.Default && d.MiniProgram == p })
}

// ShortCode also tells in what state everything is that the code depends on, so
// that one read answers a scan.
func (r reader) ShortCode(_ context.Context, short string) (s qrcode.Scanned, err error) {
	s.Definition, err = r.state.findCode(func(d qrcode.Definition) bool { return d.Short == short && short != "" })
	s.Status = r.state.programs[s.MiniProgram].Status
	s.OwnerStatus, s.TenantStatus = r.state.workspaces[s.Workspace].Status, r.state.workspaces[s.Tenant].Status
	return s, err
}

// findCode returns the one code that is wanted.
func (s *state) findCode(want func(qrcode.Definition) bool) (qrcode.Definition, error) {
	for _, d := range s.codes {
		if want(d) {
			return cloneCode(d), nil
		}
	}
	return qrcode.Definition{}, qrcode.ErrNotFound
}

func (r reader) Retargets(_ context.Context, c id.QRCode, below, limit int) ([]qrcode.Retarget, error) {
	var found []qrcode.Retarget
	for k, t := range r.state.retargets {
		if k.code == c && (below == 0 || k.n < below) {
			found = append(found, cloneRetarget(t))
		}
	}
	slices.SortFunc(found, func(a, b qrcode.Retarget) int { return cmp.Compare(b.Revision, a.Revision) })
	return found[:min(limit, len(found))], nil
}

func (r reader) ScanCount(_ context.Context, c id.QRCode) (int64, error) {
	return r.state.scans[c], nil
}

func (t *tx) InsertDefaultQRCode(ctx context.Context, p miniprogram.MiniProgram, c id.QRCode) error {
	return t.InsertQRCode(ctx, qrcode.DefaultOf(p, c))
}

func (t *tx) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	if _, err := t.DefaultQRCode(ctx, d.MiniProgram); d.Default && err == nil {
		return storage.ErrExists
	}
	if _, err := t.ShortCode(ctx, d.Short); err == nil {
		return qrcode.ErrShortTaken
	}
	return insert(t.state.codes, d.ID, cloneCode(d))
}

func (t *tx) UpdateQRCode(_ context.Context, d qrcode.Definition) error {
	old, ok := t.state.codes[d.ID]
	if !ok {
		return qrcode.ErrNotFound
	}
	d.MiniProgram, d.Workspace, d.Tenant, d.Default = old.MiniProgram, old.Workspace, old.Tenant, old.Default
	d.Short, d.Creator, d.CreatedAt = old.Short, old.Creator, old.CreatedAt
	t.state.codes[d.ID] = cloneCode(d)
	return nil
}

func (t *tx) InsertRetarget(_ context.Context, c id.QRCode, r qrcode.Retarget) error {
	if _, ok := t.state.codes[c]; !ok {
		return qrcode.ErrNotFound
	}
	return insert(t.state.retargets, revision{c, r.Revision}, cloneRetarget(r))
}

// AddScans forgets the slots: they are for stores whose writers are many.
func (t *tx) AddScans(_ context.Context, scans []qrcode.Scans) error {
	for _, s := range scans {
		if _, ok := t.state.codes[s.Code]; ok {
			t.state.scans[s.Code] += s.Count
		}
	}
	return nil
}

func cloneCode(d qrcode.Definition) qrcode.Definition {
	d.Params = slices.Clone(d.Params)
	cut(&d.CreatedAt, &d.UpdatedAt, &d.ExpiresAt, &d.RevokedAt, &d.DeletedAt)
	return d
}

func cloneRetarget(r qrcode.Retarget) qrcode.Retarget {
	r.Params = slices.Clone(r.Params)
	cut(&r.At)
	return r
}
