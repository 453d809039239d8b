package qrhttp_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/qrcode/qrhttp"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

func Example() {
	ctx := context.Background()
	p := superapptest.New(testkit.Panics, &superapptest.Options{Platform: superapp.Options{
		QRCodes: &qrcode.Options{Scheme: qrcode.HTTPS("https://wallet.example/open"), Short: "https://w.example/q/"},
	}})
	admin := p.As(rbac.DeveloperAdmin)
	code, err := p.QRCodes.Define(ctx, admin, qrcode.Define{MiniProgram: p.Shop, Name: "Table 7", Page: "pages/menu", Short: true})
	if err != nil {
		panic(err)
	}

	mux := http.NewServeMux()
	mux.Handle("/q/", qrhttp.New(p.QRCodes, nil))

	scan := func() {
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, code.Link, nil))
		fmt.Println(answer.Code, answer.Header().Get("Location"))
	}
	scan()
	if _, err := p.QRCodes.Retarget(ctx, admin, code.ID, "pages/summer", nil); err != nil {
		panic(err)
	}
	scan()
	// Output:
	// 302 https://wallet.example/open?appId=00000000-0000-7000-8000-000000000009&page=pages%2Fmenu
	// 302 https://wallet.example/open?appId=00000000-0000-7000-8000-000000000009&page=pages%2Fsummer
}
