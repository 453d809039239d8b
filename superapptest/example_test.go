package superapptest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// In a test of one's own t is the *testing.T; an example has none.
var t testing.TB = noTest{}

type noTest struct{ testing.TB }

func (noTest) Helper() {}

func (noTest) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func ExampleNew() {
	k := superapptest.New(t, nil)
	ctx := context.Background()
	fmt.Println(k.Access.Check(ctx, k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)))
	fmt.Println(k.Access.Check(ctx, k.As(rbac.Operator), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)) != nil)
	// Output:
	// <nil>
	// true
}

func ExampleKit_Invite() {
	k := superapptest.New(t, nil)
	_, token := k.Invite(rbac.Developer, "dee")
	k.Clock.Advance(3 * 24 * time.Hour)
	_, err := k.Members.Accept(context.Background(), token, superapptest.Person("dee"))
	fmt.Println(err)
	// Output:
	// member: accept invitation: the invitation has expired: ask for it to be sent again
}

func ExampleKit_Join() {
	k := superapptest.New(t, nil)
	m := k.Join(rbac.Operator, "olga")
	fmt.Println(m.Account, m.Role, m.State)
	// Output:
	// acc-olga operator active
}

func ExampleKit_FailAt() {
	k := superapptest.New(t, nil)
	m := k.Member(rbac.Developer)
	failures := 0
	for n := 1; ; n++ {
		_, err := k.FailAt(n).Members.SetRole(context.Background(), k.As(rbac.DeveloperAdmin), m.ID,
			member.SetRole{Role: rbac.DeveloperAdmin})
		if err == nil {
			break
		}
		failures++ // and the member is as he was
	}
	fmt.Println(failures > 0)
	// Output:
	// true
}
