package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
)

// drawQRCodes defines the QR codes and writes their pictures.
func (s *story) drawQRCodes(ctx context.Context) error {
	s.out.chapter("QR codes are drawn: scan one with a phone")
	for i, q := range s.data.QRCodes {
		if err := s.drawQRCode(ctx, q); err != nil {
			return at(fmt.Sprintf("qr_codes[%d]", i), err)
		}
	}
	return nil
}

func (s *story) drawQRCode(ctx context.Context, q QRCode) error {
	program, admin := s.programs[q.MiniProgram], s.data.ownerOf(q.MiniProgram).Admin.actor()
	stored, err := page.Collect(page.All(ctx, s.QRCodes.List, admin, qrcode.Filter{MiniProgram: program}))
	if err != nil {
		return err
	}
	var code qrcode.Code
	note := s.out.kept
	if i := slices.IndexFunc(stored, func(c qrcode.Code) bool { return c.Name == string(q.Name) }); i >= 0 {
		code = stored[i]
	} else {
		note = s.out.did
		code, err = s.QRCodes.Define(ctx, admin, qrcode.Define{
			MiniProgram: program, Name: string(q.Name), Page: q.Page, Params: q.Params,
		})
		if err != nil {
			return err
		}
	}
	if err := s.draw(q.file(), code); err != nil {
		return err
	}
	note(q.file(), "opens "+string(q.MiniProgram)+" at "+code.Page)
	s.out.row("", "", code.Link)
	return nil
}

// writePNG returns what draws codes into files of a directory.
func writePNG(dir string) drawer {
	return func(file string, c qrcode.Code) error {
		f, err := os.Create(filepath.Join(dir, file))
		if err != nil {
			return err
		}
		return errors.Join(c.WritePNG(f, nil), f.Close())
	}
}

// ownerOf returns the workspace that has the mini program.
func (d *Data) ownerOf(program Name) *Workspace {
	for _, w := range d.workspaces() {
		if slices.ContainsFunc(w.MiniPrograms, func(mp MiniProgram) bool { return mp.Name == program }) {
			return w
		}
	}
	return nil
}
