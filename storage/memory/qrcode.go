package memory

import (
	"cmp"
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

// A retarget is a target of a code.
type retarget struct {
	code     id.UUID
	revision int
	record   *qrcode.Retarget
}

func (r retarget) compare(s retarget) int {
	return cmp.Or(r.code.Compare(s.code), cmp.Compare(r.revision, s.revision))
}

// QRCode returns one.
func (r *reader) QRCode(ctx context.Context, c id.QRCode) (qrcode.Definition, error) {
	if err := r.ready(ctx); err != nil {
		return qrcode.Definition{}, err
	}
	return r.state.code(c.UUID)
}

// code returns a copy of one.
func (s *state) code(c id.UUID) (qrcode.Definition, error) {
	found := s.codes.get(c)
	if found == nil {
		return qrcode.Definition{}, qrcode.ErrNotFound
	}
	return copyCode(*found), nil
}

// QRCodes returns those of the query.
func (r *reader) QRCodes(ctx context.Context, q qrcode.Query) ([]qrcode.Definition, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	of := r.state.codesOf
	if q.Deleted {
		of = r.state.deletedCodes
	}
	var list []qrcode.Definition
	for key := range of.after(q.MiniProgram.UUID, q.After.UUID) {
		if len(list) >= q.Limit {
			break
		}
		list = append(list, copyCode(*r.state.codes.get(key)))
	}
	return list, nil
}

// DefaultQRCode returns the default one of a mini program.
func (r *reader) DefaultQRCode(ctx context.Context, p id.MiniProgram) (qrcode.Definition, error) {
	if err := r.ready(ctx); err != nil {
		return qrcode.Definition{}, err
	}
	return r.state.code(r.state.defaultCode(p))
}

// defaultCode returns the id of the default code, zero if there is none.
func (s *state) defaultCode(p id.MiniProgram) id.UUID {
	for key := range s.defaultCodes.after(p.UUID, id.UUID{}) {
		return key
	}
	return id.UUID{}
}

// ShortCode returns the one with a short id.
func (r *reader) ShortCode(ctx context.Context, short string) (qrcode.Scanned, error) {
	if err := r.ready(ctx); err != nil {
		return qrcode.Scanned{}, err
	}
	d, err := r.state.code(r.state.shorts.first(id.UUID{}, short))
	if err != nil {
		return qrcode.Scanned{}, err
	}
	p := r.state.programs.get(d.MiniProgram.UUID)
	return qrcode.Scanned{
		Definition: d, Status: p.Status,
		OwnerStatus: r.state.status(p.Workspace), TenantStatus: r.state.status(p.Tenant),
	}, nil
}

// Retargets returns the targets of a code, the latest first.
func (r *reader) Retargets(ctx context.Context, c id.QRCode, below, limit int) (list []qrcode.Retarget, err error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	from := retarget{code: c.UUID, revision: below - 1}
	if below == 0 {
		from.revision = maxRevision
	}
	r.state.retargets.Descend(from, func(x retarget) bool {
		if x.code != c.UUID || len(list) >= limit {
			return false
		}
		list = append(list, copyRetarget(*x.record))
		return true
	})
	return list, nil
}

// maxRevision is above that of any target.
const maxRevision = 1<<31 - 1

// ScanCount returns how often a code was scanned.
func (r *reader) ScanCount(ctx context.Context, c id.QRCode) (int64, error) {
	if err := r.ready(ctx); err != nil {
		return 0, err
	}
	if n := r.state.scans.get(c.UUID); n != nil {
		return *n, nil
	}
	return 0, nil
}

// InsertDefaultQRCode stores the default code of a new mini program.
func (t *tx) InsertDefaultQRCode(ctx context.Context, p miniprogram.MiniProgram, c id.QRCode) error {
	return t.InsertQRCode(ctx, qrcode.DefaultOf(p, c))
}

// InsertQRCode stores a new definition.
func (t *tx) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if err := t.state.codes.free(d.ID.UUID); err != nil {
		return err
	}
	switch {
	case t.state.programs.get(d.MiniProgram.UUID) == nil:
		return miniprogram.ErrNotFound
	case d.Default && !t.state.defaultCode(d.MiniProgram).IsZero():
		return storage.ErrExists
	case d.Short != "" && !t.state.shorts.first(id.UUID{}, d.Short).IsZero():
		return qrcode.ErrShortTaken
	}
	d.CreatedAt = stored(d.CreatedAt)
	if d.Default {
		t.state.defaultCodes.add(d.MiniProgram.UUID, d.ID.UUID)
	}
	if d.Short != "" {
		t.state.shorts.add(id.UUID{}, d.Short, d.ID.UUID)
	}
	t.putCode(d)
	t.changed = append(t.changed, rbac.OnQRCode(d.ID))
	return nil
}

// UpdateQRCode stores what may change of a definition.
func (t *tx) UpdateQRCode(ctx context.Context, d qrcode.Definition) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	before := t.state.codes.get(d.ID.UUID)
	if before == nil {
		return qrcode.ErrNotFound
	}
	after := *before
	after.Name, after.Page, after.Params, after.Revision = d.Name, d.Page, d.Params, d.Revision
	after.UpdatedAt, after.ExpiresAt, after.RevokedAt, after.DeletedAt = d.UpdatedAt, d.ExpiresAt, d.RevokedAt, d.DeletedAt
	t.putCode(after)
	return nil
}

// putCode puts a definition into its table, and into the list it belongs to now.
func (t *tx) putCode(d qrcode.Definition) {
	d = copyCode(d)
	d.UpdatedAt, d.ExpiresAt = stored(d.UpdatedAt), stored(d.ExpiresAt)
	d.RevokedAt, d.DeletedAt = stored(d.RevokedAt), stored(d.DeletedAt)
	t.state.codes.put(d.ID.UUID, &d)
	in, out, entry := t.state.codesOf, t.state.deletedCodes, link{d.MiniProgram.UUID, d.ID.UUID}
	if !d.DeletedAt.IsZero() {
		in, out = out, in
	}
	out.replace(entry, link{})
	in.replace(link{}, entry)
}

// InsertRetarget stores a target of a code.
func (t *tx) InsertRetarget(ctx context.Context, c id.QRCode, r qrcode.Retarget) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if t.state.codes.get(c.UUID) == nil {
		return qrcode.ErrNotFound
	}
	key := retarget{code: c.UUID, revision: r.Revision}
	if _, there := t.state.retargets.Get(key); there {
		return storage.ErrExists
	}
	r = copyRetarget(r)
	r.At = stored(r.At)
	key.record = &r
	t.state.retargets.Set(key)
	return nil
}

// AddScans adds to counters. There is one writer, so all slots are one.
func (t *tx) AddScans(ctx context.Context, scans []qrcode.Scans) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	for _, x := range scans {
		if t.state.codes.get(x.Code.UUID) == nil {
			continue
		}
		n := x.Count
		if before := t.state.scans.get(x.Code.UUID); before != nil {
			n += *before
		}
		t.state.scans.put(x.Code.UUID, &n)
	}
	return nil
}

func copyCode(d qrcode.Definition) qrcode.Definition {
	d.Params = copied(d.Params)
	return d
}

func copyRetarget(r qrcode.Retarget) qrcode.Retarget {
	r.Params = copied(r.Params)
	return r
}
