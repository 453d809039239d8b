package letter

import (
	"context"
	"errors"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// A receiver is somebody who may be written to.
type receiver struct {
	// account is his, "" if none is known.
	account id.Account
	// known is what the library knows of him.
	known Address
}

// address writes the same letter to several receivers, each once, leaving out those
// who have no address.
func (s *Sender) address(ctx context.Context, l Letter, tenant id.Workspace, to ...receiver) ([]outgoing, error) {
	var all []outgoing
	seen := make(map[string]bool)
	for _, r := range to {
		l := l
		l.To = r.known
		if r.account != "" && s.options.Contact != nil {
			c, err := s.options.Contact(ctx, r.account)
			if err != nil {
				return nil, &hostError{"where an account reads mail", err}
			}
			l.To.Email, l.Languages = c.Email, c.Languages
			if c.Name != "" {
				l.To.Name = c.Name
			}
		}
		// Why not its problems: one bad address keeps nobody else from his letter.
		var bad fault.Problems
		if folded := text.Email(&bad, "to", l.To.Email); len(bad) == 0 {
			l.To.Email = folded
		}
		if l.To.Email == "" || seen[l.To.Email] {
			continue
		}
		seen[l.To.Email] = true
		all = append(all, outgoing{l, tenant})
	}
	return all, nil
}

// A hostError is what a function of the host says, or what is wrong with what it gave.
// That it finds nobody, say, is not that there is nothing to write about any more, and
// that it gave something malformed is not that the letter was refused.
type hostError struct {
	what string
	err  error
}

func (e *hostError) Error() string { return e.what + ": " + e.err.Error() }
func (e *hostError) Unwrap() error { return e.err }

// fromHost reports whether an error is the host's.
func fromHost(err error) bool {
	_, ok := errors.AsType[*hostError](err)
	return ok
}

// admins returns the active admins of a workspace, but for the one who acted: he
// knows.
func (s *Sender) admins(ctx context.Context, e audit.Event) ([]receiver, error) {
	var all []receiver
	f := member.Filter{Workspace: e.Workspace, Statuses: []member.Status{member.StatusActive}, Roles: adminRoles()}
	for req := (page.Request{}); ; {
		found, err := s.platform.Members.List(ctx, letters, f, req)
		if err != nil {
			return nil, err
		}
		for _, m := range found.Items {
			if e.System || string(m.Account) != e.Actor {
				all = append(all, receiver{m.Account, Address{m.Name, m.Email}})
			}
		}
		if found.Next == "" {
			return all, nil
		}
		req.After = found.Next
	}
}

// adminRoles are the admins of workspaces.
func adminRoles() []rbac.Role { return []rbac.Role{rbac.WorkspaceAdmin, rbac.DeveloperAdmin} }

// A place is what a letter tells of the workspace that an event belongs to.
type place struct {
	name    string
	tenant  id.Workspace
	removed bool
}

// workspace returns the place of an event. Nothing may be looked up in a workspace
// that was removed, but its trail stays: it ends with the removal.
func (s *Sender) workspace(ctx context.Context, e audit.Event) (place, error) {
	w, err := s.platform.Workspaces.Get(ctx, letters, e.Workspace)
	if err == nil {
		return place{w.Name, w.Tenant, false}, nil
	}
	if !errors.Is(err, rbac.ErrDenied) {
		return place{}, err
	}
	var p place
	gone := errors.Join(err)
	err = s.trail(ctx, e.Workspace, e.Seq-1, func(e audit.Event) (bool, error) {
		if e.Verb != workspace.EventRemoved {
			return true, nil
		}
		var before workspace.Snapshot
		err := decode(e, &before, nil)
		p, gone = place{before.Name, before.Tenant, true}, nil
		return false, err
	})
	return p, errors.Join(err, gone)
}

// trail reads the trail of a workspace behind an event, until fn returns false.
func (s *Sender) trail(ctx context.Context, w id.Workspace, after uint64, fn func(audit.Event) (bool, error)) error {
	for req := (page.Request{Size: page.MaxSize}); ; {
		found, err := s.platform.Audit.List(ctx, letters, audit.Filter{Workspace: w, After: after}, req)
		if err != nil {
			return err
		}
		for _, e := range found.Items {
			if more, err := fn(e); err != nil || !more {
				return err
			}
		}
		if found.Next == "" {
			return nil
		}
		req.After = found.Next
	}
}
