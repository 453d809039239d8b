package letter

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/workspace"
)

// archived is for a mini program that was removed as its admins asked. Of a forced
// removal, and of that of the whole workspace, other letters tell.
func (s *Sender) archived(ctx context.Context, e audit.Event) ([]outgoing, error) {
	forced, err := s.forced(ctx, e)
	if err != nil || forced {
		return nil, err
	}
	return s.aboutProgram(ctx, e, Letter{Kind: MiniProgramRemoved})
}

// forced reports whether the tenant removed a mini program without a request.
func (s *Sender) forced(ctx context.Context, e audit.Event) (bool, error) {
	for req := (page.Request{Size: page.MaxSize}); ; {
		found, err := s.platform.MiniPrograms.Notices(ctx, letters, id.MiniProgram{UUID: e.Object.ID}, req)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(found.Items, func(n miniprogram.Notice) bool { return n.Verb == miniprogram.EventForceRemoved }) {
			return true, nil
		}
		if found.Next == "" {
			return false, nil
		}
		req.After = found.Next
	}
}

// notice is for what the tenant tells the admins of a mini program (X2).
func (s *Sender) notice(ctx context.Context, e audit.Event) ([]outgoing, error) {
	l := Letter{Kind: ForceRemoved}
	switch e.Verb {
	case miniprogram.EventWarned:
		l.Kind = Warned
	case miniprogram.EventRectificationRequired:
		l.Kind = RectificationRequired
		var after miniprogram.RectificationSnapshot
		if err := decode(e, nil, &after); err != nil {
			return nil, err
		}
		l.Until = after.Due
	}
	if s.options.MiniProgram != nil && l.Kind != ForceRemoved {
		l.Link = s.options.MiniProgram(id.MiniProgram{UUID: e.Object.ID})
	}
	return s.aboutProgram(ctx, e, l)
}

// aboutProgram writes to the admins of a mini program's workspace.
func (s *Sender) aboutProgram(ctx context.Context, e audit.Event, l Letter) ([]outgoing, error) {
	p, err := s.platform.MiniPrograms.Get(ctx, letters, id.MiniProgram{UUID: e.Object.ID})
	if err != nil {
		return nil, err
	}
	w, err := s.workspace(ctx, e)
	if err != nil {
		return nil, err
	}
	personal, err := e.DecodePersonal()
	if err != nil {
		return nil, err
	}
	l.MiniProgram, l.Workspace, l.Reason = p.Name, w.name, personal.Reason
	to, err := s.admins(ctx, e)
	if err != nil {
		return nil, err
	}
	return s.address(ctx, l, w.tenant, to...)
}

// closed is for a workspace that was removed: it writes to those who were its active
// admins until then. They stand in the trail, in the unit that ends with the event.
func (s *Sender) closed(ctx context.Context, e audit.Event) ([]outgoing, error) {
	var before workspace.Snapshot
	if err := decode(e, &before, nil); err != nil {
		return nil, err
	}
	personal, err := e.DecodePersonal()
	if err != nil {
		return nil, err
	}
	to, err := s.formerAdmins(ctx, e)
	if err != nil {
		return nil, err
	}
	return s.address(ctx, Letter{Kind: WorkspaceRemoved, Workspace: before.Name, Reason: personal.Reason}, before.Tenant, to...)
}

// formerAdmins returns the active admins that a removal deleted. It looks back from
// the event, a window at a time, as far as the removal reaches.
func (s *Sender) formerAdmins(ctx context.Context, removed audit.Event) (all []receiver, err error) {
	for end := removed.Seq; ; {
		start := end - min(end, page.MaxSize)
		further := true
		err := s.trail(ctx, removed.Workspace, start, func(e audit.Event) (bool, error) {
			if e.Seq >= end {
				return false, nil
			}
			if !e.At.Equal(removed.At) {
				further = false
				return true, nil
			}
			r, err := formerAdmin(e)
			if r.account != "" {
				all = append(all, r)
			}
			return true, err
		})
		if err != nil || !further || start == 0 {
			return all, err
		}
		end = start + 1
	}
}

// formerAdmin returns the active admin whom an event deletes, if it does.
func formerAdmin(e audit.Event) (r receiver, err error) {
	if e.Verb != member.EventDeleted {
		return r, nil
	}
	var before member.Snapshot
	if err := decode(e, &before, nil); err != nil || before.State != member.Active || !slices.Contains(adminRoles(), before.Role) {
		return r, err
	}
	var person member.SnapshotPersonal
	err = decodePersonal(e, &person)
	return receiver{person.Account, Address{person.Name, person.Email}}, err
}
