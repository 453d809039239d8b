package audit_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/rbac"
)

// An export is JSON, a line for each event, and the head on the last line.
func ExampleService_Export() {
	ctx := context.Background()
	p, w := wallet(ctx)

	var file bytes.Buffer
	head, err := p.Audit.Export(ctx, rbac.User("u-ada"), audit.Filter{Workspace: w}, &file)
	if err != nil {
		log.Fatal(err)
	}
	n := 0
	for lines := bufio.NewScanner(&file); lines.Scan(); {
		n++
	}
	fmt.Println(head.Seq, "events,", n, "lines")
	// Output: 3 events, 4 lines
}

// Who wants to be forgotten becomes a pseudonym, and the trail verifies.
func ExampleService_Erase() {
	ctx := context.Background()
	p, w := wallet(ctx)

	done, err := p.Audit.Erase(ctx, rbac.System("privacy desk"), audit.Erase{
		Workspace: w, Account: "u-ada", Emails: []string{"ada@wallet.example"}, Reason: "case 17",
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = p.Audit.Verify(ctx, rbac.System("privacy desk"), w)
	fmt.Println(done.Events > 0, err)
	// Output: true <nil>
}
