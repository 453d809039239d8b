package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// A story is told in chapters. Each first looks whether what it would do is
// stored already, by an earlier run that may have been interrupted anywhere.
type story struct {
	*superapp.Platform
	data  *Data
	clock *clock
	out   *printer
	draw  drawer

	// What the chapters before found or made, by name.
	workspaces map[Name]id.Workspace
	programs   map[Name]id.MiniProgram
}

// operator is the host itself: whoever runs the platform.
var operator = rbac.System("quickstart")

// A drawer writes the picture of a QR code to a file.
type drawer func(file string, c qrcode.Code) error

// tell builds the platform over a store, and tells the whole story.
func tell(ctx context.Context, store storage.Store, data *Data, out io.Writer, draw drawer) error {
	s := &story{
		data: data, clock: &clock{}, out: &printer{w: out}, draw: draw,
		workspaces: make(map[Name]id.Workspace), programs: make(map[Name]id.MiniProgram),
	}
	var err error
	s.Platform, err = superapp.New(store, &superapp.Options{
		Clock:   s.clock.now,
		QRCodes: &qrcode.Options{Scheme: qrcode.HTTPS(data.Link)},
	})
	if err != nil {
		return err
	}
	s.out.say("+ happens now    = was stored by an earlier run")
	for _, chapter := range []func(context.Context) error{
		s.catchUp,
		s.openWallet, s.openMerchants, s.createMiniPrograms,
		s.invite, s.resend, s.block,
		s.listMembers, s.askQuestions, s.tryRemoval, s.drawQRCodes, s.verifyTrails,
	} {
		err := chapter(ctx)
		s.out.flush()
		if err := errors.Join(err, s.out.err); err != nil {
			return err
		}
	}
	return nil
}

// catchUp sets the clock to the end of the trails, where an earlier run may
// have put it forward to: the story never goes back in time.
func (s *story) catchUp(ctx context.Context) error {
	stored, err := s.stored(ctx, workspace.Filter{})
	for _, w := range stored {
		head, err := s.Audit.Verify(ctx, operator, w.ID)
		if err != nil {
			return err
		}
		s.clock.reach(head.At)
	}
	return err
}

// stored returns the workspaces of a kind. Only the operator lists those of all
// tenants.
func (s *story) stored(ctx context.Context, f workspace.Filter) ([]workspace.Details, error) {
	return page.Collect(page.All(ctx, s.Workspaces.List, operator, f))
}

// at says where in the file the cause of an error stands: the fields of the
// platform's input are called there as here.
func at(path string, err error) error {
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	if !ok {
		return fmt.Errorf("%s: %w", path, err)
	}
	var moved fault.Problems
	for _, p := range invalid.Problems {
		moved.Add(path+"."+p.Field, p.Reason, p.Detail)
	}
	return moved.Err()
}
