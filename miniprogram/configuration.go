package miniprogram

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
)

// maxClient bounds a client or merchant id, in characters.
const maxClient = 128

// check returns the configuration as it is stored, or all that is wrong with it.
func (g Configuration) check(l Limits, ports bool) (Configuration, error) {
	var p fault.Problems
	g.ClientID = text.Line(&p, "client_id", g.ClientID, 0, maxClient)
	g.MerchantID = text.Line(&p, "merchant_id", g.MerchantID, 0, maxClient)
	g.Servers = checkDomains(&p, "servers", g.Servers, l.Domains, DomainRules{Sockets: true, Ports: ports})
	g.WebViews = checkDomains(&p, "web_views", g.WebViews, l.Domains, DomainRules{Ports: ports})
	g.Testers = checkTesters(&p, g.Testers, l)
	return g, p.Err()
}

// checkTesters returns the folded addresses, sorted, each once; nil for none.
func checkTesters(p *fault.Problems, given []string, l Limits) []string {
	if tooMany(p, "testers", len(given), l.Testers) {
		return nil
	}
	var list []string
	for n, e := range given {
		list = append(list, text.Email(p, fmt.Sprintf("testers[%d]", n), e))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Configure says who a mini program is to the tenant's services, what it may
// reach, and who tests it; it replaces all of it (P6). The answer is what is
// stored: domains as [CheckDomain] has them, testers as folded e-mails, at most as
// many as the [Limits] say. The same a second time changes nothing. A version
// under review goes back (V3), unless only testers change.
//
// The caller needs configuration.edit. Errors: *fault.InvalidError, which lists
// all that is wrong; [ErrArchived].
func (s *Service) Configure(ctx context.Context, actor rbac.Actor, p id.MiniProgram, set Configuration) (after Configuration, err error) {
	defer fault.Wrap(&err, "miniprogram: configure")
	if after, err = set.check(s.limits, s.ports); err != nil {
		return Configuration{}, err
	}
	err = s.change(ctx, actor, rbac.EditConfiguration, Subject{MiniProgram: p}, func(ctx context.Context, c *change) error {
		before := c.Profile.Configuration
		if reflect.DeepEqual(before, after) {
			return nil
		}
		c.Profile.Configuration = after
		return c.putProfile(ctx, EventConfigured, before, after)
	})
	if err != nil {
		return Configuration{}, err
	}
	return after, nil
}

// Configuration returns the configuration of a mini program (P6). The caller needs
// configuration.view on it.
func (s *Service) Configuration(ctx context.Context, actor rbac.Actor, p id.MiniProgram) (g Configuration, err error) {
	defer fault.Wrap(&err, "miniprogram: configuration")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ViewConfiguration, rbac.OnMiniProgram(p), ErrNotFound); err != nil {
			return err
		}
		d, err := r.Dossier(ctx, Subject{MiniProgram: p})
		g = d.Profile.Configuration
		return err
	})
	return g, err
}

// putProfile stores the profile as the change has it, and reports it.
func (c *change) putProfile(ctx context.Context, verb audit.Verb, before, after audit.Snapshot) error {
	if err := c.touch(ctx, nil); err != nil {
		return err
	}
	if err := c.tx.PutProfile(ctx, c.MiniProgram.ID, c.Profile); err != nil {
		return err
	}
	return c.event(ctx, verb, rbac.OnMiniProgram(c.MiniProgram.ID), "", before, after)
}
