// Command qrcodes makes the QR codes of a restaurant:
//
//	go run ./examples/qrcodes [-dir FOLDER] [-data FILE]
//
// It writes into the folder, by default qrcodes-out:
//
//   - tables.pdf, a sheet of A4 for each twelve tables, to cut up, and tables.zip,
//     the same codes as SVG files with an index, for whoever prints them otherwise;
//   - brand.png and brand.svg, a code in the colours of the house with its logo;
//   - window.png, a short code for the window, whose target changes after it was
//     printed: what it leads to is shown before and after.
//
// The code for the window is also shown on the terminal, to be scanned there. The
// platform is in memory, so that the codes lead nowhere. Names, colours and targets
// come from qrcodes.json, which you may copy and change. It exits with 0, with 1 if
// the platform refused something or a file cannot be written, and with 2 if the
// arguments or the data are wrong.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/superapp-go/superapp/fault"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("qrcodes", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("dir", "qrcodes-out", "write the files into `FOLDER`")
	file := flags.String("data", "", "read names, colours and targets from `FILE` instead of the built-in qrcodes.json")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "qrcodes: unexpected argument %q: a folder goes behind -dir, a file behind -data\n", flags.Arg(0))
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	data, err := load(*file)
	if err != nil {
		complain(stderr, cmp.Or(*file, "qrcodes.json"), err)
		return 2
	}
	if err := perform(ctx, *dir, data, stdout); err != nil {
		complain(stderr, "no codes", err)
		return 1
	}
	return 0
}

// perform makes all codes.
func perform(ctx context.Context, dir string, data *Data, out io.Writer) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	h, err := open(ctx, data, dir, out)
	if err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{h.tables, h.brand, h.window} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// complain prints each problem on a line of its own.
func complain(w io.Writer, where string, err error) {
	invalid, ok := errors.AsType[*fault.InvalidError](err)
	if !ok {
		fmt.Fprintf(w, "qrcodes: %s: %v\n", where, err)
		return
	}
	for _, p := range invalid.Problems {
		fmt.Fprintf(w, "qrcodes: %s: %s: %s\n", where, p.Field, p.Detail)
	}
}
