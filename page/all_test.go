package page_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/page"
)

// numbers lists 0 to n-1, at most two a page.
func numbers(n int) func(page.Request) (page.Page[int], error) {
	return func(r page.Request) (page.Page[int], error) {
		after, err := page.Decode("numbers", r.After)
		if err != nil {
			return page.Page[int]{}, err
		}
		first := 0
		if after != nil {
			first = int(after[0]) + 1
		}
		var items []int
		for i := first; i < min(n, first+3); i++ {
			items = append(items, i)
		}
		return page.Cut("numbers", items, 2, func(i int) []byte { return []byte{byte(i)} }), nil
	}
}

func TestAll(t *testing.T) {
	t.Parallel()
	for n := range 6 {
		var got []int
		for i, err := range page.All(numbers(n)) {
			require.NoError(t, err)
			got = append(got, i)
		}
		require.Equal(t, slices.Collect(func(yield func(int) bool) {
			for i := range n {
				if !yield(i) {
					return
				}
			}
		}), got)
	}
	t.Run("stops at an error", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("broken")
		calls := 0
		for _, err := range page.All(func(page.Request) (page.Page[int], error) {
			calls++
			return page.Page[int]{}, broken
		}) {
			require.ErrorIs(t, err, broken)
		}
		require.Equal(t, 1, calls)
	})
	t.Run("reads no page that is not wanted", func(t *testing.T) {
		t.Parallel()
		calls := 0
		list := numbers(5)
		for range page.All(func(r page.Request) (page.Page[int], error) { calls++; return list(r) }) {
			break
		}
		require.Equal(t, 1, calls)
	})
}

func ExampleAll() {
	for i, err := range page.All(numbers(3)) {
		if err != nil {
			return
		}
		fmt.Println(i)
	}
	// Output:
	// 0
	// 1
	// 2
}
