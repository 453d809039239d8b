package storagetest

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
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

func (s spyTx) InsertQRCode(ctx context.Context, d qrcode.Definition) error {
	return s.write("InsertQRCode", func() error { return s.Tx.InsertQRCode(ctx, d) })
}
