//! What the page can and cannot do with a file, and how to check it. `www/boot.js` sets the policy; each line of what is
//! forbidden has a test in `tests/e2e/policy.test.mjs`.

use yew::prelude::*;

/// The promise in one sentence.
pub const PROMISE: &str = "Files are opened on this device. Once loaded, this page makes no requests.";

/// What is forbidden, what cannot be forbidden, and how to check.
pub fn privacy() -> Html {
    html! {
        <div class="prose">
            <p>{ "The page loads its program once. Then it sets a content security policy, which the browser enforces and nothing can \
                lift again: for the workers that decode from their beginning, for itself as soon as you touch it. Your file is read \
                by a worker, piece by piece, and never copied elsewhere. Nothing in it is executed." }</p>
            <p>{ "So that the page opens without a network, a service worker keeps a copy of the page's own files. It fetches those and nothing \
                else, and the browser asks for a newer one when the page is opened. Opening an address is done by a page of its own, \
                remote.html: that one may reach the one server that you agree to there." }</p>
            <h3>{ "What the browser refuses from then on" }</h3>
            <p>{ "Every request, to other sites and to the site that this page came from: fetch, XMLHttpRequest, WebSocket, \
                EventSource, beacons and pings; images, fonts, styles, scripts, modules and prefetching; frames, forms, service \
                workers, and workers from an address." }</p>
            <h3>{ "What no policy can forbid" }</h3>
            <p>{ "A page can leave for another address, or open one in a new window, and an address can carry data. A browser can be made \
                to look up the name of a server or to open a connection to it without sending a request, WebRTC sends packets of \
                its own, and a browser can be made to look for a newer version of the service worker, at an address that is always the same. Picklescope does none of these; that is in its source, not in the policy. Browser extensions can read any page, this one too." }</p>
            <h3>{ "How to check" }</h3>
            <ol>
                <li>{ "Open the browser's developer tools, the Network tab, and then a file. No request appears." }</li>
                <li>{ "Then, in the tools' console, run " }<code>{ "fetch(location.href)" }</code>{ ". It is refused, and so is every other address." }</li>
                <li>{ "Load this page, switch the network off, and open a file. Everything works." }</li>
            </ol>
        </div>
    }
}
