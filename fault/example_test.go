package fault_test

import (
	"errors"
	"fmt"

	"github.com/superapp-go/superapp/fault"
)

// A caller asks an error from coarse to fine: its kind, its code, its details.
func Example() {
	err := fmt.Errorf("member: invite: %w", fault.Invalid("email", "malformed", "not an e-mail address"))

	fmt.Println(err)
	if errors.Is(err, fault.ErrInvalid) {
		fmt.Println("kind:", fault.KindOf(err))
	}
	fmt.Println("code:", fault.CodeOf(err))
	if invalid, ok := errors.AsType[*fault.InvalidError](err); ok {
		fmt.Println("field:", invalid.Problems[0].Field)
	}
	// Output:
	// member: invite: email: not an e-mail address
	// kind: invalid
	// code: input.invalid
	// field: email
}

// An HTTP handler answers with the status and the stable code, and keeps the
// text for people.
func ExampleHTTPStatus() {
	var ErrSoldOut = fault.Define(fault.ErrState, "shop.sold_out", "sold out: ask for a reservation")
	err := fmt.Errorf("shop: buy: %w", ErrSoldOut)

	fmt.Println(fault.HTTPStatus(err), fault.CodeOf(err))
	fmt.Println(fault.HTTPStatus(nil))
	fmt.Println(fault.HTTPStatus(errors.New("disk full")))
	// Output:
	// 409 shop.sold_out
	// 200
	// 500
}

func ExampleGRPCCode() {
	fmt.Println(fault.GRPCCode(fault.ErrDenied)) // codes.PermissionDenied
	// Output: 7
}

// A host's own packages may declare errors in the same way.
func ExampleDefine() {
	var ErrSoldOut = fault.Define(fault.ErrState, "shop.sold_out", "sold out: ask for a reservation")

	fmt.Println(errors.Is(ErrSoldOut, fault.ErrState), ErrSoldOut.Code())
	// Output: true shop.sold_out
}

// Validation collects every problem before it answers.
func ExampleProblems() {
	var ps fault.Problems
	ps.Add("name", "required", "a name is required")
	ps.Add("programs[2]", "unknown", "no such mini program")

	fmt.Println(ps.Err())
	// Output: name: a name is required; programs[2]: no such mini program
}

func ExampleWrap() {
	block := func() (err error) {
		defer fault.Wrap(&err, "member: block")
		return fault.ErrNotFound
	}
	fmt.Println(block())
	// Output: member: block: not found
}
