package storagetest

import (
	"context"
	"errors"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// change makes every kind of change in a town's developer workspace.
func (b *bench) change(ctx context.Context, tx storage.Tx, t town) error {
	t.admin.State, t.guest.Role, t.developer.Status = member.Inactive, rbac.Operator, rbac.Disabled
	t.program.Name, t.program.NameKey, t.program.terms = "Renamed", "renamed", []string{"renamed"}
	second := t.program
	second.ID, second.Name, second.NameKey, second.terms = id.MiniProgram{UUID: id.UUID{1, 9}}, "Other", "other", []string{"other"}
	second.LatestVersion, second.UploadedAt = "", time.Time{}
	v, c, m := t.version, t.code, t.guest
	v.ID, c.ID, m.ID = id.Version{UUID: id.UUID{2, 9}}, id.QRCode{UUID: id.UUID{3, 9}}, id.Member{UUID: id.UUID{4, 9}}
	m.Email = "other@people.example"
	made := t.link.Link
	made.ID, t.link.Uses, t.link.RevokedAt = id.Link{UUID: id.UUID{7, 9}}, 2, now
	if err := insert(ctx, tx, second, v, c, m, token{[32]byte{5, 9}, m, 1}, linkToken{made, [32]byte{7, 9}, 1}); err != nil {
		return err
	}
	t.version.Status, t.version.Progress = miniprogram.VersionRejected, []miniprogram.Step{{Status: miniprogram.VersionRejected, At: now}}
	said := t.inside.information[1]
	said.Name, said.NameKey = "另外", "另外"
	decided(approval.Rejected)(&t.request)
	again := t.request
	again.ID, again.Status = id.Request{UUID: id.UUID{6, 9}}, approval.InReview
	t.feature.Retired, t.api.Description = true, "Pays more."
	t.code.DeletedAt, t.short.Name, t.short.Revision = now, "Moved", 2
	return errors.Join(
		tx.UpdateWorkspace(ctx, t.developer),
		tx.UpdateMember(ctx, t.admin),
		tx.UpdateMember(ctx, t.guest),
		tx.UpdateLink(ctx, t.link.Link),
		tx.UpdateMiniProgram(ctx, t.program.MiniProgram, t.program.terms),
		tx.PutInformation(ctx, t.program.MiniProgram, t.program.information()),
		tx.PutInformation(ctx, t.program.MiniProgram, said),
		tx.PutInformation(ctx, second.MiniProgram, t.inside.information[1]),
		tx.DeleteInformation(ctx, second.ID, "zh-Hans"),
		tx.PutProfile(ctx, t.program.ID, miniprogram.Profile{}),
		tx.PutLogo(ctx, t.program.ID, nil),
		tx.Detach(ctx, t.program.ID, t.feature.ID),
		tx.Attach(ctx, second.ID, t.feature.ID, now),
		tx.UpdateVersion(ctx, t.version),
		tx.UpdateRequest(ctx, t.request),
		tx.InsertRequest(ctx, again),
		tx.UpdateQRCode(ctx, t.code),
		tx.UpdateQRCode(ctx, t.short),
		tx.InsertRetarget(ctx, t.short.ID, qrcode.Retarget{Revision: 2, Page: "pages/moved", At: now}),
		tx.AddScans(ctx, []qrcode.Scans{{Code: t.short.ID, Slot: 1, Count: 7}, {Code: t.code.ID, Count: 1}}),
		tx.InsertDefaultQRCode(ctx, second.MiniProgram, id.QRCode{UUID: id.UUID{3, 10}}),
		tx.PutFeature(ctx, t.feature),
		tx.PutJSAPI(ctx, t.api),
		tx.PutSettings(ctx, t.developer.ID, workspace.Settings{}),
		tx.DeleteHeld(ctx, t.guest.ID, t.program.ID),
		tx.PutHeld(ctx, t.admin.ID, rbac.HeldProgram{MiniProgram: second.ID, Owner: t.developer.ID}),
		tx.AppendEvent(ctx, b.event(t.developer, 2)),
		tx.PutDenial(ctx, denialOf(t.developer, 1)),
	)
}
