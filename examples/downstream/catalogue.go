// Package catalogue is a small service of a bank that builds on the platform:
// banners, which advertise mini programs in the bank's app.
//
// It shows a permission of the host's own ("catalogue.banner.publish"), added
// to the built-in matrix and asked for like any other, and a list of the host's
// own rows that shows each user only what he may see. The service keeps no
// roles: it knows who acts and which mini program, the platform knows the rest.
// Its test shows how to test such a service with package superapptest:
//
//	go test ./examples/downstream
//
// A host builds the platform with the service's matrix, then the service:
//
//	m, err := catalogue.Matrix()
//	p, err := superapp.New(store, &superapp.Options{Matrix: m})
//	banners, err := catalogue.New(p.Access, time.Now)
package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// Publish is "catalogue.banner.publish": publish a banner for a mini program.
// Only the name is ever stored, so the number may change between releases.
const Publish = rbac.FirstHostPermission

// Runtime is how long a banner is shown.
const Runtime = 30 * 24 * time.Hour

// ErrMatrix is the error for a platform that was not built with [Matrix].
var ErrMatrix = fault.Define(fault.ErrInvalid, "catalogue.matrix",
	"the platform does not know catalogue.banner.publish: build it with catalogue.Matrix")

// Matrix returns the built-in matrix with the bank's permission. It is meant
// for two roles: operators of the wallet publish for every mini program of the
// tenant, mini program admins for their own. Admins hold it as well, because
// nobody may grant a role that holds more than his own.
func Matrix() (*rbac.Matrix, error) {
	return rbac.BuiltIn().With(rbac.Edits{Permissions: []rbac.HostPermission{{
		Permission: Publish,
		Name:       "catalogue.banner.publish",
		Area:       "catalogue",
		Meaning:    "publish a banner for a mini program",
		Need:       rbac.NeedVerified, // no advertising for a merchant under review
		Cells: map[rbac.Role]rbac.Scope{
			rbac.WorkspaceOperator: rbac.InTenant,
			rbac.MiniProgramAdmin:  rbac.Assigned,
			rbac.WorkspaceAdmin:    rbac.InTenant,    // covers the operators
			rbac.DeveloperAdmin:    rbac.InWorkspace, // covers the teams of a merchant
		},
	}}})
}

// Access is what the service asks of the platform; a *rbac.Access is one.
type Access interface {
	// Check answers one question.
	Check(ctx context.Context, actor rbac.Actor, p rbac.Permission, on rbac.Object) error
	// CheckAll answers several questions.
	CheckAll(ctx context.Context, actor rbac.Actor, asks []rbac.Ask) ([]rbac.Decision, error)
	// Matrix returns the matrix that decides.
	Matrix() *rbac.Matrix
}

// A Banner advertises a mini program.
type Banner struct {
	MiniProgram id.MiniProgram
	Text        string
	At          time.Time // when it was published
}

// A Service publishes and lists banners. It is safe for concurrent use. A real
// one would keep them in a table, and publish inside a transaction on the
// platform that superapp.Platform.With binds to it.
type Service struct {
	access Access
	now    func() time.Time

	mu      sync.Mutex
	banners []Banner
}

// New returns the service, or ErrMatrix: better at the start than at the first
// user.
func New(access Access, now func() time.Time) (*Service, error) {
	if access.Matrix().Name(Publish) != "catalogue.banner.publish" {
		return nil, fmt.Errorf("catalogue: new: %w", ErrMatrix)
	}
	return &Service{access: access, now: now}, nil
}

// PublishBanner publishes a banner. The user needs catalogue.banner.publish on
// the mini program; without it the error is a *rbac.DeniedError. A mini program
// that does not exist is denied like one that the user knows nothing of.
func (s *Service) PublishBanner(ctx context.Context, user rbac.Actor, p id.MiniProgram, text string) (b Banner, err error) {
	defer fault.Wrap(&err, "catalogue: publish banner")
	if text = strings.TrimSpace(text); text == "" {
		return b, fault.Invalid("text", "required", "a banner needs a text")
	}
	if err := s.access.Check(ctx, user, Publish, rbac.OnMiniProgram(p)); err != nil {
		return b, err
	}
	b = Banner{MiniProgram: p, Text: text, At: s.now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.banners = append(s.banners, b)
	return b, nil
}

// ListBanners returns the banners of the mini programs that the user may see,
// oldest first: those for which he holds miniprogram.view.
func (s *Service) ListBanners(ctx context.Context, user rbac.Actor) (seen []Banner, err error) {
	defer fault.Wrap(&err, "catalogue: list banners")
	for batch := range slices.Chunk(s.running(), rbac.MaxBatch) {
		asks := make([]rbac.Ask, len(batch))
		for i, b := range batch {
			asks[i] = rbac.Ask{Permission: rbac.ViewMiniProgram, Object: rbac.OnMiniProgram(b.MiniProgram)}
		}
		decisions, err := s.access.CheckAll(ctx, user, asks)
		if err != nil {
			return nil, err
		}
		for i, d := range decisions {
			if d.Allowed {
				seen = append(seen, batch[i])
			}
		}
	}
	return seen, nil
}

// running returns a copy of the banners that are shown at this moment.
func (s *Service) running() []Banner {
	s.mu.Lock()
	defer s.mu.Unlock()
	oldest := s.now().Add(-Runtime)
	var running []Banner
	for _, b := range s.banners {
		if b.At.After(oldest) {
			running = append(running, b)
		}
	}
	return running
}
