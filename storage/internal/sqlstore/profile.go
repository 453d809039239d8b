package sqlstore

import (
	"bytes"
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
)

// profileColumns are those of a profile f, which may be missing.
const profileColumns = `f.category, f.regions, f.contacts, f.entrance, f.logo_sha256, f.logo_format, COALESCE(f.logo_size, 0),` +
	` COALESCE(f.logo_side, 0), f.client_id, f.merchant_id, f.servers, f.web_views, f.testers`

// profileInto are the targets of profileColumns.
func profileInto(f *miniprogram.Profile) []any {
	l, c := &f.Logo, &f.Configuration
	return []any{(*textColumn)(&f.Category), jsonColumn{&f.Regions}, jsonColumn{&f.Contacts}, (*textColumn)(&f.Entrance),
		(*hashColumn)(&l.SHA256), (*textColumn)(&l.Format), &l.Size, &l.Side,
		(*textColumn)(&c.ClientID), (*textColumn)(&c.MerchantID), jsonColumn{&c.Servers}, jsonColumn{&c.WebViews}, jsonColumn{&c.Testers}}
}

// PutProfile implements miniprogram.Tx.
func (t *tx) PutProfile(ctx context.Context, p id.MiniProgram, f miniprogram.Profile) error {
	c := f.Configuration
	lists, err := encodeAll(f.Regions, f.Contacts, c.Servers, c.WebViews, c.Testers)
	if err != nil {
		return err
	}
	return t.write(ctx, "store a profile", Write{
		SQL: `INSERT INTO {profile} (mini_program_id, category, regions, contacts, entrance, logo_sha256, logo_format, logo_size,` +
			` logo_side, client_id, merchant_id, servers, web_views, testers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ` +
			t.dialect.Upsert("mini_program_id", "category", "regions", "contacts", "entrance", "logo_sha256", "logo_format", "logo_size",
				"logo_side", "client_id", "merchant_id", "servers", "web_views", "testers"),
		Args: []any{p.UUID, f.Category, lists[0], lists[1], f.Entrance, hash(f.Logo.SHA256), f.Logo.Format, f.Logo.Size,
			f.Logo.Side, c.ClientID, c.MerchantID, lists[2], lists[3], lists[4]},
	})
}

// Logo implements miniprogram.Reader.
func (r *reader) Logo(ctx context.Context, p id.MiniProgram) (data []byte, err error) {
	err = r.read(ctx, "read a logo", Read{
		SQL:  `SELECT l.data FROM {logo} AS l WHERE l.mini_program_id = ?`,
		Args: []any{p.UUID},
		Scan: one(nil, &data),
	})
	return data, err
}

// PutLogo implements miniprogram.Tx.
func (t *tx) PutLogo(ctx context.Context, p id.MiniProgram, data []byte) error {
	if data == nil {
		return t.write(ctx, "delete a logo", Write{SQL: `DELETE FROM {logo} WHERE mini_program_id = ?`, Args: []any{p.UUID}})
	}
	return t.write(ctx, "store a logo", Write{
		SQL:  `INSERT INTO {logo} (mini_program_id, data) VALUES (?, ?) ` + t.dialect.Upsert("mini_program_id", "data"),
		Args: []any{p.UUID, bytes.Clone(data)},
	})
}
