// Command matrix prints the permission matrix that is built in, or shows where
// a table of your own differs from it:
//
//	go run ./examples/matrix -format markdown
//	go run ./examples/matrix > mine.tsv     # change a few cells, then
//	go run ./examples/matrix -diff mine.tsv
//
// It exits with 0, or as diff does: with 1 if the tables differ and with 2 if
// something went wrong.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/superapp-go/superapp/rbac"
)

// The exit codes.
const (
	fine    = 0
	differs = 1
	failed  = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("matrix", flag.ContinueOnError)
	flags.SetOutput(stderr)
	format := flags.String("format", "tsv", "print the built-in matrix as `tsv|csv|markdown|text`")
	other := flags.String("diff", "", "show the cells in which the TSV `FILE` differs instead; exit with 1 if any does")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return fine
	case err != nil:
		return failed
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "matrix: unexpected argument %q: a file to compare goes behind -diff\n", flags.Arg(0))
		return failed
	}

	var differences int
	var err error
	if *other != "" {
		differences, err = diff(stdout, *other)
	} else {
		err = print(stdout, *format)
	}
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "matrix:", err)
		return failed
	case differences > 0:
		return differs
	}
	return fine
}

// print writes the built-in matrix.
func print(w io.Writer, format string) error {
	m := rbac.BuiltIn()
	switch format {
	case "tsv":
		return m.WriteTSV(w)
	case "csv":
		return m.WriteCSV(w)
	case "markdown":
		return m.WriteMarkdown(w)
	case "text":
		return m.WriteText(w)
	}
	return fmt.Errorf("unknown format %q: want tsv, csv, markdown or text", format)
}

// diff writes where the file differs from the built-in matrix, and counts it.
func diff(w io.Writer, name string) (int, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	table, err := rbac.ReadTSV(f)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	all := rbac.Diff(rbac.BuiltIn().Table(), table)
	for _, d := range all {
		line := d.String()
		switch d.In {
		case rbac.InFirst:
			line = d.Permission + ": not in the file"
		case rbac.InSecond:
			line = d.Permission + ": not built in"
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return 0, err
		}
	}
	if len(all) == 0 {
		_, err = fmt.Fprintln(w, "no differences")
	}
	return len(all), err
}
