"""What a browser may do with our pages: the content security policy, and what of the device they use. PURE."""

from __future__ import annotations

from typing import Any, Final

from csp.constants import NONCE, NONE, SELF

CONTENT_SECURITY_POLICY: Final[dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its arrows and ticks from data addresses
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Our pages use the clipboard and the passkey store of a device, nothing else; there are no frames to delegate to.
_CLOSED: Final = (
    *("accelerometer", "ambient-light-sensor", "autoplay", "battery", "bluetooth", "browsing-topics", "camera"),
    *("display-capture", "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock"),
    *("serial", "storage-access", "usb", "web-share", "window-management", "xr-spatial-tracking"),
)
_OWN: Final = ("clipboard-write", "fullscreen", "publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY: Final = ", ".join([*(f"{name}=()" for name in _CLOSED), *(f"{name}=(self)" for name in _OWN)])
