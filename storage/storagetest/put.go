package storagetest

import (
	"context"
	"fmt"
	"slices"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// put stores new records in one unit.
func (b *bench) put(records ...any) {
	b.Helper()
	b.ok(b.try(records...))
}

// try is put for what may fail.
func (b *bench) try(records ...any) error {
	var scope []id.Workspace
	for _, r := range records {
		if w := where(r); !slices.ContainsFunc(records, func(r any) bool { n, is := r.(workspace.Workspace); return is && n.ID == w }) {
			scope = append(scope, w)
		}
	}
	return b.update(on(scope...), func(ctx context.Context, tx storage.Tx) error {
		return insert(ctx, tx, records...)
	})
}

// where returns the workspace a record belongs to.
func where(record any) id.Workspace {
	switch r := record.(type) {
	case workspace.Workspace:
		return r.ID
	case member.Member:
		return r.Workspace
	case token:
		return r.of.Workspace
	case member.Link:
		return r.Workspace
	case linkToken:
		return r.Workspace
	case program:
		return r.Workspace
	case miniprogram.Version:
		return r.Workspace
	case qrcode.Definition:
		return r.Workspace
	case target:
		return r.of.Workspace
	case audit.Event:
		return r.Workspace
	case approval.Request:
		return r.Workspace
	case feature.Feature:
		return r.Tenant
	case feature.JSAPI:
		return r.Tenant
	case role.Role:
		return r.Workspace
	case inside:
		return r.of.Workspace
	case set:
		return r.of
	}
	panic(fmt.Sprintf("storagetest: no record: %T", record))
}

// insert stores new records.
func insert(ctx context.Context, tx storage.Tx, records ...any) error {
	for _, record := range records {
		var err error
		switch r := record.(type) {
		case workspace.Workspace:
			err = tx.InsertWorkspace(ctx, r)
		case member.Member:
			err = tx.InsertMember(ctx, r)
		case token:
			err = tx.InsertToken(ctx, r.hash, r.of.ID, r.generation)
		case member.Link:
			err = tx.InsertLink(ctx, r)
		case linkToken:
			if err = tx.InsertLink(ctx, r.Link); err == nil {
				err = tx.InsertLinkToken(ctx, r.hash, r.ID, r.generation)
			}
		case program:
			if err = tx.InsertMiniProgram(ctx, r.MiniProgram, r.terms); err == nil {
				err = tx.PutInformation(ctx, r.MiniProgram, r.information())
			}
		case miniprogram.Version:
			err = tx.InsertVersion(ctx, r)
		case qrcode.Definition:
			err = tx.InsertQRCode(ctx, r)
		case target:
			if err = tx.InsertRetarget(ctx, r.of.ID, r.Retarget); err == nil {
				err = tx.AddScans(ctx, []qrcode.Scans{{Code: r.of.ID, Slot: r.Revision % qrcode.Slots, Count: 3}})
			}
		case audit.Event:
			err = tx.AppendEvent(ctx, r)
		case approval.Request:
			err = tx.InsertRequest(ctx, r)
		case feature.Feature:
			err = tx.PutFeature(ctx, r)
		case feature.JSAPI:
			err = tx.PutJSAPI(ctx, r)
		case role.Role:
			err = tx.PutRole(ctx, r)
		case inside:
			err = r.insert(ctx, tx)
		case set:
			err = tx.PutSettings(ctx, r.of, r.Settings)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
