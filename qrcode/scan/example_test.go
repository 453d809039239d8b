package scan_test

import (
	"errors"
	"fmt"

	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/qrcode/scan"
)

// A picture is verified once, before a thousand are printed.
func ExampleVerify() {
	code := qrcode.Code{Link: "https://wallet.example/open?appId=shop&page=pages%2Fmenu"}
	picture, err := code.Image(&qrcode.Style{Size: 300, Dark: qrcode.RGB(0x0a, 0x3d, 0x62)})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := scan.Verify(picture, code.Link)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("version %d, level %s\n", report.Version, report.Level)
	fmt.Printf("%.0f %% repaired, %.0f %% may still be lost\n", 100*report.Wrong(), 100*report.Spare())
	fmt.Printf("a hole of %d by %d in %d by %d modules does no harm\n", report.Hole, report.Hole, report.Modules, report.Modules)

	// A picture of another code is found out.
	_, err = scan.Verify(picture, "https://wallet.example/open?appId=shop")
	if other, ok := errors.AsType[*scan.OtherTextError](err); ok {
		fmt.Println("it reads", other.Got)
	}
	// Output:
	// version 4, level M
	// 0 % repaired, 18 % may still be lost
	// a hole of 7 by 7 in 33 by 33 modules does no harm
	// it reads https://wallet.example/open?appId=shop&page=pages%2Fmenu
}
