"""Words that try to be something else than words: markup, scripts, headers, templates, formulas.

Every way out of a place (text, attribute, comment, script, property of a calendar) with every way
to act once outside. What acts calls `vecheHit()`, so that a browser can tell.
"""

from itertools import product
from typing import Final

_WAYS_OUT: Final = (
    "",
    '">',
    "'>",
    '" ',
    "</title>",
    "</script>",
    "</style>",
    "</textarea></noscript>",
    "-->",
    "]]>",
    "</a></dd></main>",
    "%22%3E",
)
_ACTS: Final = (
    "<script>vecheHit()</script>",
    "<script src=data:text/javascript,vecheHit()></script>",
    "<script type=module>vecheHit()</script>",
    "<img src=x onerror=vecheHit()>",
    "<svg onload=vecheHit()>",
    "<svg><animate onbegin=vecheHit() attributeName=x dur=1s>",
    "<svg><script>vecheHit()</script></svg>",
    '<iframe srcdoc="<script>parent.vecheHit()</script>">',
    "<iframe src=javascript:parent.vecheHit()>",
    "<details open ontoggle=vecheHit()>x",
    "<input autofocus onfocus=vecheHit()>",
    "<style>@import 'data:text/css,*{animation:x}';</style>",
    "<style>@keyframes x{}</style><b style=animation-name:x onanimationstart=vecheHit()>x",
    "<meta http-equiv=refresh content='0;url=javascript:vecheHit()'>",
    "<base href=https://elsewhere.example/>",
    "<object data=data:text/html,<script>parent.vecheHit()</script>>",
    "<math><mtext><img src=x onerror=vecheHit()></mtext></math>",
    "<a href=javascript:vecheHit() id=x>x</a>",
)
_OTHERS: Final = (
    "onmouseover=vecheHit() autofocus tabindex=1 x=",
    "javascript:vecheHit()",
    "data:text/html,<script>vecheHit()</script>",
    "{{ 7 * 7 }}{% raw %}{{ config }}",
    "${vecheHit()}#{vecheHit()}<%= vecheHit() %>",
    "&lt;script&gt;vecheHit()&lt;/script&gt;",
    "&#60;script&#62;vecheHit()&#60;/script&#62;",
    "\\u003cscript\\u003evecheHit()\\u003c/script\\u003e",
    "\\x3cscript\\x3evecheHit()",
    "<scr<script>ipt>vecheHit()</scr</script>ipt>",
    "<SCRIPT>vecheHit()</SCRIPT>",
    "<\u212ascript>vecheHit()",
    "\uff1cscript\uff1evecheHit()\uff1c/script\uff1e",
    "\u2028vecheHit()\u2029",
    "\\r\\nSet-Cookie: session=stolen",
    "%0d%0aSet-Cookie:%20session=stolen",
    "\\nBEGIN:VEVENT\\nUID:forged\\nEND:VEVENT",
    "\\NATTENDEE:mailto:forged@elsewhere.example",
    ";X-FORGED=1:words",
    ":words,with;every\\mark\\",
    'LANGUAGE="be":forged',
    '=HYPERLINK("https://elsewhere.example","click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "'; DROP TABLE meetings; --",
    "../../../etc/passwd",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "<![CDATA[</summary><entry><id>forged</id></entry>]]>",
    "</summary></entry><entry><id>forged</id>",
    "&xxe; &amp;amp; &nbsp;",
    "a" * 3_000,
    "Ў" * 3_000,
    "\u200b\u200c\u200d\ufeff",
    "e\u0301" * 200,
    "\U0001f6a9" * 200,
)
HOSTILE_WORDS: Final = (*(out + act for out, act in product(_WAYS_OUT, _ACTS)), *_OTHERS)
