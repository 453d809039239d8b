package catalogue

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// newKit returns a platform with the bank's matrix and people in every role,
// and the service on it.
func newKit(t *testing.T) (*superapptest.Kit, *Service) {
	t.Helper()
	m, err := Matrix()
	if err != nil {
		t.Fatal(err)
	}
	k := superapptest.New(t, &superapptest.Options{Platform: superapp.Options{Matrix: m}})
	return k, over(t, k, k.Platform)
}

func over(t *testing.T, k *superapptest.Kit, p *superapp.Platform) *Service {
	t.Helper()
	s, err := New(p.Access, k.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Who may publish for which mini program, and whose banners he sees then. The
// wallet's App and Mine and the merchant's Shop have a banner each.
func TestRolesDecideWhoPublishesAndSees(t *testing.T) {
	t.Parallel()
	k, s := newKit(t)
	// Whoever creates a mini program is its first mini program admin.
	mine := k.Create(rbac.WorkspaceDeveloper, k.Tenant, "Mine")
	programs := []struct {
		name string
		id   id.MiniProgram
	}{{"App", k.App}, {"Mine", mine}, {"Shop", k.Shop}}
	for _, p := range programs {
		if _, err := s.PublishBanner(t.Context(), superapptest.System, p.id, p.name); err != nil {
			t.Fatal(err)
		}
	}

	// An operator may publish for all of them, and sees those assigned to him.
	operator := k.Member(rbac.WorkspaceOperator)
	_, err := k.Members.SetRole(t.Context(), k.As(rbac.WorkspaceAdmin), operator.ID,
		member.SetRole{Role: operator.Role, MiniPrograms: []id.MiniProgram{k.Shop}})
	if err != nil {
		t.Fatal(err)
	}

	for _, tc := range []struct {
		who       string
		user      rbac.Actor
		publishes []string
		sees      []string
	}{
		{"platform operator", superapptest.System, []string{"App", "Mine", "Shop"}, []string{"App", "Mine", "Shop"}},
		{"workspace admin", k.As(rbac.WorkspaceAdmin), []string{"App", "Mine", "Shop"}, []string{"App", "Mine", "Shop"}},
		{"workspace operator", k.As(rbac.WorkspaceOperator), []string{"App", "Mine", "Shop"}, []string{"Shop"}},
		{"mini program admin", k.As(rbac.WorkspaceDeveloper), []string{"Mine"}, []string{"App", "Mine"}},
		{"reviewer", k.As(rbac.WorkspaceReviewer), nil, nil},
		{"inspector", k.As(rbac.MiniProgramInspector), nil, []string{"App", "Mine", "Shop"}},
		{"merchant's admin", k.As(rbac.DeveloperAdmin), []string{"Shop"}, []string{"Shop"}},
		{"merchant's developer", k.As(rbac.Developer), nil, []string{"Shop"}},
		{"merchant's operator", k.As(rbac.Operator), nil, []string{"Shop"}},
		{"stranger", rbac.User("acc-stranger"), nil, nil},
	} {
		t.Run(tc.who, func(t *testing.T) {
			if got := titles(t, s, tc.user); !slices.Equal(got, tc.sees) {
				t.Errorf("sees %v, want %v", got, tc.sees)
			}
			own := over(t, k, k.Platform) // of its own, so that the cases do not see each other's banners
			for _, p := range programs {
				_, err := own.PublishBanner(t.Context(), tc.user, p.id, p.name)
				if slices.Contains(tc.publishes, p.name) {
					if err != nil {
						t.Errorf("publish for %s: %v", p.name, err)
					}
				} else if !errors.Is(err, rbac.ErrDenied) {
					t.Errorf("publish for %s: %v, want denied", p.name, err)
				}
			}
		})
	}
}

// Rights follow the stored memberships at once: each case leaves an operator of
// the wallet in some state, and tells why he may not publish then.
func TestRightsFollowMemberships(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		prepare func(*testing.T, *superapptest.Kit) rbac.Actor
		want    rbac.Reason
	}{
		{"blocked", func(t *testing.T, k *superapptest.Kit) rbac.Actor {
			m := k.Join(rbac.WorkspaceOperator, "olga")
			if _, err := k.Members.Block(t.Context(), k.As(rbac.WorkspaceAdmin), m.ID, "on leave"); err != nil {
				t.Fatal(err)
			}
			return rbac.User(m.Account)
		}, rbac.MemberBlocked},
		{"invited only", func(_ *testing.T, k *superapptest.Kit) rbac.Actor {
			k.Invite(rbac.WorkspaceOperator, "olga")
			return rbac.User(superapptest.Person("olga").ID)
		}, rbac.NoMembership},
		{"invitation expired", func(t *testing.T, k *superapptest.Kit) rbac.Actor {
			m, token := k.Invite(rbac.WorkspaceOperator, "olga")
			k.Clock.Set(m.Invitation.ExpiresAt)
			olga := superapptest.Person("olga")
			if _, err := k.Members.Accept(t.Context(), token, olga); !errors.Is(err, member.ErrTokenExpired) {
				t.Fatalf("accept: %v, want expired", err)
			}
			return rbac.User(olga.ID)
		}, rbac.NoMembership},
		{"merchant not verified", func(t *testing.T, k *superapptest.Kit) rbac.Actor {
			err := k.Workspaces.SetStatus(t.Context(), superapptest.System, k.Merchant, rbac.Pending, "papers expired")
			if err != nil {
				t.Fatal(err)
			}
			return k.As(rbac.WorkspaceOperator)
		}, rbac.WorkspaceState},
	} {
		t.Run(tc.name, func(t *testing.T) {
			k, s := newKit(t)
			_, err := s.PublishBanner(t.Context(), tc.prepare(t, k), k.Shop, "Tea")
			denied, ok := errors.AsType[*rbac.DeniedError](err)
			if !ok || denied.Decision.Reason != tc.want {
				t.Fatalf("%v, want denied for %v", err, tc.want)
			}
			if got := titles(t, s, superapptest.System); got != nil {
				t.Errorf("published all the same: %v", got)
			}
		})
	}
}

// A store that fails is neither a yes nor a no: nothing is published or shown.
func TestFailingStoreIsNoAnswer(t *testing.T) {
	t.Parallel()
	k, _ := newKit(t)
	admin := k.As(rbac.WorkspaceAdmin)
	for _, tc := range []struct {
		name string
		call func(*Service) error
	}{
		{"publish", func(s *Service) error {
			_, err := s.PublishBanner(t.Context(), admin, k.App, "Tea")
			return err
		}},
		{"list", func(s *Service) error {
			s.banners = []Banner{{MiniProgram: k.App, At: k.Clock.Now()}}
			_, err := s.ListBanners(t.Context(), admin)
			return err
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := over(t, k, k.FailAt(1))
			if err := tc.call(s); !errors.Is(err, fault.ErrUnavailable) {
				t.Fatalf("%v, want unavailable", err)
			}
			if err := tc.call(s); err != nil {
				t.Errorf("once the store is back: %v", err)
			}
			if len(s.banners) != 1 {
				t.Errorf("%d banners, want 1", len(s.banners))
			}
		})
	}
}

// A banner is shown for Runtime, by the clock of the kit.
func TestBannersEnd(t *testing.T) {
	t.Parallel()
	k, s := newKit(t)
	admin := k.As(rbac.WorkspaceAdmin)
	if _, err := s.PublishBanner(t.Context(), admin, k.App, "Tea"); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		age  time.Duration
		want []string
	}{{0, []string{"Tea"}}, {Runtime - time.Second, []string{"Tea"}}, {Runtime, nil}} {
		k.Clock.Set(superapptest.Start.Add(tc.age))
		if got := titles(t, s, admin); !slices.Equal(got, tc.want) {
			t.Errorf("after %v: %v, want %v", tc.age, got, tc.want)
		}
	}
}

// Mistakes of the caller are told apart from denials.
func TestMistakesAreNotDenials(t *testing.T) {
	t.Parallel()
	k, s := newKit(t)
	if _, err := s.PublishBanner(t.Context(), k.As(rbac.WorkspaceAdmin), k.App, " "); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("no text: %v, want invalid", err)
	}
	plain := superapptest.New(t, nil) // the built-in matrix
	if _, err := New(plain.Access, plain.Clock.Now); !errors.Is(err, ErrMatrix) {
		t.Errorf("built-in matrix: %v, want ErrMatrix", err)
	}
}

// titles returns the texts of the banners that the user sees.
func titles(t *testing.T, s *Service, user rbac.Actor) (texts []string) {
	t.Helper()
	banners, err := s.ListBanners(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range banners {
		texts = append(texts, b.Text)
	}
	return texts
}
