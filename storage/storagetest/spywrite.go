package storagetest

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A spyTx tells of every call. What the port may gain passes through to the
// transaction below.
type spyTx struct {
	spyReader
	below
}

// below is one step deeper than spyReader, whose methods win for that reason.
type below struct{ storage.Tx }

func (s spyTx) Nest(ctx context.Context, sc unit.Scope, fn func(context.Context, storage.Tx) error) error {
	if err := s.hook(Call{Method: "Nest"}); err != nil {
		return err
	}
	return s.Tx.Nest(ctx, sc, spied(s.hook, fn))
}

// write tells of a write, and makes it unless the hook objects.
func (s spyTx) write(method string, call func() error) error {
	if err := s.hook(Call{Method: method, Write: true}); err != nil {
		return err
	}
	return call()
}

func (s spyTx) AppendEvent(ctx context.Context, e audit.Event) error {
	return s.write("AppendEvent", func() error { return s.Tx.AppendEvent(ctx, e) })
}

func (s spyTx) PutRole(ctx context.Context, r role.Role) error {
	return s.write("PutRole", func() error { return s.Tx.PutRole(ctx, r) })
}

func (s spyTx) DeleteRole(ctx context.Context, r id.Role) error {
	return s.write("DeleteRole", func() error { return s.Tx.DeleteRole(ctx, r) })
}

func (s spyTx) RedactEvent(ctx context.Context, e audit.Event) error {
	return s.write("RedactEvent", func() error { return s.Tx.RedactEvent(ctx, e) })
}

func (s spyTx) PutDenial(ctx context.Context, d audit.Denial) error {
	return s.write("PutDenial", func() error { return s.Tx.PutDenial(ctx, d) })
}

func (s spyTx) DeleteDenials(ctx context.Context, w id.Workspace, before time.Time) error {
	return s.write("DeleteDenials", func() error { return s.Tx.DeleteDenials(ctx, w, before) })
}

func (s spyTx) InsertWorkspace(ctx context.Context, w workspace.Workspace) error {
	return s.write("InsertWorkspace", func() error { return s.Tx.InsertWorkspace(ctx, w) })
}

func (s spyTx) UpdateWorkspace(ctx context.Context, w workspace.Workspace) error {
	return s.write("UpdateWorkspace", func() error { return s.Tx.UpdateWorkspace(ctx, w) })
}

func (s spyTx) InsertMiniProgram(ctx context.Context, p miniprogram.MiniProgram, terms []string) error {
	return s.write("InsertMiniProgram", func() error { return s.Tx.InsertMiniProgram(ctx, p, terms) })
}

func (s spyTx) UpdateMiniProgram(ctx context.Context, p miniprogram.MiniProgram, terms []string) error {
	return s.write("UpdateMiniProgram", func() error { return s.Tx.UpdateMiniProgram(ctx, p, terms) })
}

func (s spyTx) InsertVersion(ctx context.Context, v miniprogram.Version) error {
	return s.write("InsertVersion", func() error { return s.Tx.InsertVersion(ctx, v) })
}

func (s spyTx) PutHeld(ctx context.Context, m id.Member, h rbac.HeldProgram) error {
	return s.write("PutHeld", func() error { return s.Tx.PutHeld(ctx, m, h) })
}

func (s spyTx) InsertMember(ctx context.Context, m member.Member) error {
	return s.write("InsertMember", func() error { return s.Tx.InsertMember(ctx, m) })
}

func (s spyTx) UpdateMember(ctx context.Context, m member.Member) error {
	return s.write("UpdateMember", func() error { return s.Tx.UpdateMember(ctx, m) })
}

func (s spyTx) InsertToken(ctx context.Context, hash [32]byte, m id.Member, generation int) error {
	return s.write("InsertToken", func() error { return s.Tx.InsertToken(ctx, hash, m, generation) })
}

func (s spyTx) InsertLink(ctx context.Context, l member.Link) error {
	return s.write("InsertLink", func() error { return s.Tx.InsertLink(ctx, l) })
}

func (s spyTx) UpdateLink(ctx context.Context, l member.Link) error {
	return s.write("UpdateLink", func() error { return s.Tx.UpdateLink(ctx, l) })
}

func (s spyTx) InsertLinkToken(ctx context.Context, hash [32]byte, l id.Link, generation int) error {
	return s.write("InsertLinkToken", func() error { return s.Tx.InsertLinkToken(ctx, hash, l, generation) })
}

func (s spyTx) InsertRun(ctx context.Context, r member.Run, before time.Time) error {
	return s.write("InsertRun", func() error { return s.Tx.InsertRun(ctx, r, before) })
}

func (s spyTx) InsertRunRows(ctx context.Context, w id.Workspace, key string, rows []member.RunRow) error {
	return s.write("InsertRunRows", func() error { return s.Tx.InsertRunRows(ctx, w, key, rows) })
}

func (s spyTx) InsertDefaultQRCode(ctx context.Context, p miniprogram.MiniProgram, c id.QRCode) error {
	return s.write("InsertDefaultQRCode", func() error { return s.Tx.InsertDefaultQRCode(ctx, p, c) })
}

func (s spyTx) UpdateQRCode(ctx context.Context, d qrcode.Definition) error {
	return s.write("UpdateQRCode", func() error { return s.Tx.UpdateQRCode(ctx, d) })
}

func (s spyTx) InsertRetarget(ctx context.Context, c id.QRCode, r qrcode.Retarget) error {
	return s.write("InsertRetarget", func() error { return s.Tx.InsertRetarget(ctx, c, r) })
}

func (s spyTx) AddScans(ctx context.Context, scans []qrcode.Scans) error {
	return s.write("AddScans", func() error { return s.Tx.AddScans(ctx, scans) })
}

func (s spyTx) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	return s.write("InsertQRCode", func() error { return s.Tx.InsertQRCode(ctx, d) })
}

func (s spyTx) PutSettings(ctx context.Context, w id.Workspace, v workspace.Settings) error {
	return s.write("PutSettings", func() error { return s.Tx.PutSettings(ctx, w, v) })
}

func (s spyTx) InsertRequest(ctx context.Context, r approval.Request) error {
	return s.write("InsertRequest", func() error { return s.Tx.InsertRequest(ctx, r) })
}

func (s spyTx) UpdateRequest(ctx context.Context, r approval.Request) error {
	return s.write("UpdateRequest", func() error { return s.Tx.UpdateRequest(ctx, r) })
}

func (s spyTx) PutFeature(ctx context.Context, f feature.Feature) error {
	return s.write("PutFeature", func() error { return s.Tx.PutFeature(ctx, f) })
}

func (s spyTx) PutJSAPI(ctx context.Context, j feature.JSAPI) error {
	return s.write("PutJSAPI", func() error { return s.Tx.PutJSAPI(ctx, j) })
}

func (s spyTx) PutProfile(ctx context.Context, p id.MiniProgram, f miniprogram.Profile) error {
	return s.write("PutProfile", func() error { return s.Tx.PutProfile(ctx, p, f) })
}

func (s spyTx) PutInformation(ctx context.Context, p miniprogram.MiniProgram, i miniprogram.Information) error {
	return s.write("PutInformation", func() error { return s.Tx.PutInformation(ctx, p, i) })
}

func (s spyTx) DeleteInformation(ctx context.Context, p id.MiniProgram, language string) error {
	return s.write("DeleteInformation", func() error { return s.Tx.DeleteInformation(ctx, p, language) })
}

func (s spyTx) PutLogo(ctx context.Context, p id.MiniProgram, data []byte) error {
	return s.write("PutLogo", func() error { return s.Tx.PutLogo(ctx, p, data) })
}

func (s spyTx) Attach(ctx context.Context, p id.MiniProgram, f id.Feature, at time.Time) error {
	return s.write("Attach", func() error { return s.Tx.Attach(ctx, p, f, at) })
}

func (s spyTx) Detach(ctx context.Context, p id.MiniProgram, f id.Feature) error {
	return s.write("Detach", func() error { return s.Tx.Detach(ctx, p, f) })
}

func (s spyTx) UpdateVersion(ctx context.Context, v miniprogram.Version) error {
	return s.write("UpdateVersion", func() error { return s.Tx.UpdateVersion(ctx, v) })
}

func (s spyTx) DeleteHeld(ctx context.Context, m id.Member, p id.MiniProgram) error {
	return s.write("DeleteHeld", func() error { return s.Tx.DeleteHeld(ctx, m, p) })
}

func (s spyTx) PutCredential(ctx context.Context, c signin.Credential) error {
	return s.write("PutCredential", func() error { return s.Tx.PutCredential(ctx, c) })
}

func (s spyTx) PutAttempts(ctx context.Context, a signin.Attempts, now time.Time) error {
	return s.write("PutAttempts", func() error { return s.Tx.PutAttempts(ctx, a, now) })
}

func (s spyTx) PutDefaultPassword(ctx context.Context, w id.Workspace, d signin.Default) error {
	return s.write("PutDefaultPassword", func() error { return s.Tx.PutDefaultPassword(ctx, w, d) })
}

func (s spyTx) RegisterHandler(ctx context.Context, r delivery.Registration) error {
	return s.write("RegisterHandler", func() error { return s.Tx.RegisterHandler(ctx, r) })
}

func (s spyTx) ClaimDeliveries(ctx context.Context, c delivery.Claim) (claimed []delivery.Claimed, err error) {
	err = s.write("ClaimDeliveries", func() error {
		claimed, err = s.Tx.ClaimDeliveries(ctx, c)
		return err
	})
	return claimed, err
}

func (s spyTx) SaveDelivery(ctx context.Context, p delivery.Progress) error {
	return s.write("SaveDelivery", func() error { return s.Tx.SaveDelivery(ctx, p) })
}

func (s spyTx) RestDeliveries(ctx context.Context, limit int) error {
	return s.write("RestDeliveries", func() error { return s.Tx.RestDeliveries(ctx, limit) })
}

func (s spyTx) PutDeadLetter(ctx context.Context, l delivery.DeadLetter) error {
	return s.write("PutDeadLetter", func() error { return s.Tx.PutDeadLetter(ctx, l) })
}

func (s spyTx) DeleteDeadLetter(ctx context.Context, handler string, w id.Workspace, seq uint64) error {
	return s.write("DeleteDeadLetter", func() error { return s.Tx.DeleteDeadLetter(ctx, handler, w, seq) })
}
