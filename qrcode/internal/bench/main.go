// Command bench compares the QR codes of this library with those of others, and
// prints the tables of docs/performance.md:
//
//	cd qrcode/internal/bench && go run . -write ../../../docs/performance.md
//
// It is a module of its own, so that nobody who uses the library gets the others.
// Every round measures every case once, peers next to each other, so that a
// machine that is busy for a while is so for all of them. The figures are
// medians of the rounds; run it on a machine that does nothing else.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func main() {
	testing.Init()
	rounds := flag.Int("rounds", 7, "how often everything is measured")
	each := flag.Duration("each", 200*time.Millisecond, "how long one measurement takes")
	into := flag.String("write", "", "the document whose tables are written anew, instead of printing them")
	flag.Parse()
	log.SetFlags(0)
	if err := flag.Set("test.benchtime", each.String()); err != nil {
		log.Fatal(err)
	}
	all, err := cases()
	if err != nil {
		log.Fatal(err)
	}
	got := make([]measured, len(all))
	for round := range *rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, *rounds)
		for i, c := range all {
			got[i].add(testing.Benchmark(c.bench))
		}
	}
	text := fmt.Sprintf("%s, %s/%s, %d CPUs; medians of %d rounds of %v.\n\n%s",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), *rounds, *each, table(all, got))
	if *into == "" {
		fmt.Print(text)
		return
	}
	if err := write(*into, text); err != nil {
		log.Fatal(err)
	}
}

// The tables stand between these lines of the document.
const before, after = "<!-- qrcode/internal/bench writes from here -->\n", "<!-- to here -->\n"

// write puts the tables into a document, in place of those that are there.
func write(file, tables string) error {
	doc, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(doc), before)
	_, tail, closed := strings.Cut(rest, after)
	if !ok || !closed {
		return fmt.Errorf("%s has no place for the tables: want the lines %q and %q", file, before, after)
	}
	return os.WriteFile(file, []byte(head+before+"\n"+tables+after+tail), 0o644)
}

// measured is what the rounds of one case came to.
type measured struct {
	nanoseconds []float64
	allocs      int64
}

func (m *measured) add(r testing.BenchmarkResult) {
	m.nanoseconds = append(m.nanoseconds, float64(r.T.Nanoseconds())/float64(r.N))
	m.allocs = r.AllocsPerOp()
}

// median returns the middle of the rounds, in microseconds.
func (m *measured) median() float64 {
	slices.Sort(m.nanoseconds)
	n := len(m.nanoseconds)
	return (m.nanoseconds[(n-1)/2] + m.nanoseconds[n/2]) / 2 / 1000
}
