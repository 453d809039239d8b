package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

// deliver opens a tenant and delivers what happened until the handler has had n
// events.
func deliver(ctx context.Context, n int, handle func(audit.Event) error) *superapp.Platform {
	p, err := superapp.New(memory.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	if _, _, err := p.OpenTenant(ctx, operator, superapp.Open{
		Name: "Riverbank Wallet", Business: workspace.Business{Address: "1 River Street", Scope: "payments", Representative: "Ada", Email: "ada@wallet.example"},
		Admin: member.First{Account: "u-ada", Email: "ada@wallet.example", Name: "Ada"},
	}); err != nil {
		log.Fatal(err)
	}
	d, err := p.Delivery.Dispatcher(&delivery.Options{Interval: time.Millisecond})
	if err != nil {
		log.Fatal(err)
	}
	run, stop := context.WithCancel(ctx)
	if err := d.Handle("crm", delivery.HandlerFunc(func(_ context.Context, e audit.Event) error {
		if n--; n == 0 {
			defer stop()
		}
		return handle(e)
	}), &delivery.HandlerOptions{FromStart: true}); err != nil {
		log.Fatal(err)
	}
	if err := d.Run(run); err != nil {
		log.Fatal(err)
	}
	return p
}

// A handler is told of what happened, in order.
func ExampleService_Dispatcher() {
	deliver(context.Background(), 2, func(e audit.Event) error {
		fmt.Println(e.Seq, e.Verb)
		return nil
	})
	// Output:
	// 1 workspace.opened
	// 2 member.entered
}

// broken delivers to a handler that refuses everything for good.
func broken(ctx context.Context) (*superapp.Platform, delivery.DeadLetter) {
	// The context ends with the second event, so that the first is a dead letter.
	p := deliver(ctx, 2, func(e audit.Event) error {
		if e.Seq == 1 {
			return delivery.Permanent(errors.New("unknown customer"))
		}
		return nil
	})
	dead, err := p.Delivery.DeadLetters(ctx, operator, delivery.Filter{Handler: "crm"}, page.Request{})
	if err != nil {
		log.Fatal(err)
	}
	return p, dead.Items[0]
}

func ExampleService_DeadLetters() {
	_, dead := broken(context.Background())
	fmt.Println(dead.Handler, dead.Seq, dead.Error)
	// Output: crm 1 unknown customer
}

// After the cause is mended, a dispatcher tries once more.
func ExampleService_Retry() {
	ctx := context.Background()
	p, dead := broken(ctx)
	fmt.Println(p.Delivery.Retry(ctx, operator, dead.Handler, dead.Workspace, dead.Seq))
	// Output: <nil>
}

func ExampleService_Drop() {
	ctx := context.Background()
	p, dead := broken(ctx)
	fmt.Println(p.Delivery.Drop(ctx, operator, dead.Handler, dead.Workspace, dead.Seq))
	// Output: <nil>
}
