package id_test

import (
	"encoding/json"
	"fmt"

	"github.com/superapp-go/superapp/id"
)

// An id that comes in as text is parsed, then named for what it identifies.
func ExampleParse() {
	u, err := id.Parse("01890a5d-ac96-774b-bcce-b302099a8057")
	if err != nil {
		fmt.Println(err)
		return
	}
	shop := id.MiniProgram{UUID: u}
	fmt.Println(shop)

	_, err = id.Parse("shop-1")
	fmt.Println(err)
	// Output:
	// 01890a5d-ac96-774b-bcce-b302099a8057
	// not an identifier: want 36 characters like 01890a5d-ac96-774b-bcce-b302099a8057
}

// Ids are text in JSON and read themselves from it.
func ExampleUUID_UnmarshalText() {
	var request struct{ Workspace id.Workspace }
	err := json.Unmarshal([]byte(`{"workspace":"01890a5d-ac96-774b-bcce-b302099a8057"}`), &request)
	fmt.Println(request.Workspace, err)
	// Output: 01890a5d-ac96-774b-bcce-b302099a8057 <nil>
}

// Later ids sort behind earlier ones.
func ExampleNew() {
	first, second := id.New(), id.New()
	fmt.Println(first.Compare(second))
	// Output: -1
}

func ExampleAccount_Validate() {
	fmt.Println(id.Account("u-42").Validate())
	fmt.Println(id.Account("").Validate())
	// Output:
	// <nil>
	// not an account id: want 1 to 255 bytes of valid UTF-8 without control characters
}
