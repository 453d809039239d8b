package scan

import (
	"fmt"
	"testing"
)

func BenchmarkVerify(b *testing.B) {
	for _, version := range []int{6, 20, 40} {
		b.Run(fmt.Sprintf("version%d", version), func(b *testing.B) {
			img := symbolOf(b, link, version, "M").draw(4)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Verify(img, link); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
