package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/qrcode/qrhttp"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

// A house is the restaurant on the wallet's platform.
type house struct {
	*superapp.Platform
	data   *Data
	dir    string
	out    io.Writer
	scheme qrcode.Scheme
	// site is the server behind the short links.
	site    http.Handler
	admin   rbac.Actor
	program id.MiniProgram
}

// open builds the platform, and brings the restaurant and its mini program there.
func open(ctx context.Context, data *Data, dir string, out io.Writer) (*house, error) {
	h := &house{data: data, dir: dir, out: out, scheme: qrcode.AlipayStyle(data.App), admin: rbac.User(data.Restaurant.Admin.Account)}
	var err error
	h.Platform, err = superapp.New(memory.New(), &superapp.Options{
		QRCodes: &qrcode.Options{Scheme: h.scheme, Short: data.Short},
	})
	if err != nil {
		return nil, err
	}
	h.site = qrhttp.New(h.QRCodes, nil)
	operator := rbac.System("qrcodes")
	w, r := data.Wallet, data.Restaurant
	wallet, _, err := h.OpenTenant(ctx, operator, superapp.Open{
		Name: w.Name, Business: w.Business, Admin: member.First{Account: w.Admin.Account, Name: w.Admin.Name},
	})
	if err != nil {
		return nil, err
	}
	if err := h.Workspaces.SetStatus(ctx, operator, wallet.Workspace.ID, workspace.Verified, ""); err != nil {
		return nil, err
	}
	restaurant, _, err := h.OpenDeveloper(ctx, operator, wallet.Workspace.ID, superapp.Open{
		Name: r.Name, Business: r.Business, Admin: member.First{Account: r.Admin.Account, Name: r.Admin.Name},
	})
	if err != nil {
		return nil, err
	}
	made, err := h.MiniPrograms.Create(ctx, h.admin, miniprogram.Create{
		Workspace: restaurant.Workspace.ID, Type: miniprogram.H5, Language: "en", Name: data.MiniProgram,
	})
	h.program = made.ID
	return h, err
}

func (h *house) say(format string, args ...any) { fmt.Fprintf(h.out, format+"\n", args...) }

// file writes a file into the folder, and says so.
func (h *house) file(name string, write func(io.Writer) error) (err error) {
	path := filepath.Join(h.dir, name)
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		_ = f.Close()
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	h.say("   %s: %d bytes", path, info.Size())
	return f.Close()
}
