package page_test

import (
	"fmt"
	"slices"

	"github.com/superapp-go/superapp/page"
)

// A caller asks again with Next of the page before, until there is none.
func Example() {
	req := page.Request{Size: 2}
	for {
		p, err := letters(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(p.Items)
		if p.Next == "" {
			return
		}
		req.After = p.Next
	}
	// Output:
	// [a b]
	// [c d]
	// [e]
}

// letters is a list as a service answers it.
func letters(req page.Request) (p page.Page[string], err error) {
	limit, err := req.Limit()
	if err != nil {
		return p, err
	}
	after, err := page.Decode("letters", req.After)
	if err != nil {
		return p, err
	}
	all := []string{"a", "b", "c", "d", "e"}
	from, found := slices.BinarySearch(all, string(after))
	if found {
		from++
	}
	read := all[from:min(from+limit+1, len(all))] // one more than asked for tells whether there is a next page
	return page.Cut("letters", read, limit, func(s string) []byte { return []byte(s) }), nil
}

func ExampleDecode() {
	_, err := page.Decode("members", "page-2")
	fmt.Println(err)
	// Output: not a cursor of this list: pass Next of the page before, or nothing to start again
}

func ExampleRequest_Limit() {
	_, err := page.Request{Size: 1000}.Limit()
	fmt.Println(err)
	// Output: size: want 1 to 500 items a page, got 1000
}
