"""Flask with Talisman, Flask-WTF, Flask-Limiter and Flask-CORS, as the guides of its ecosystem put them together."""
import os

from flask import Flask, jsonify, render_template, session
from flask_cors import CORS
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import generate_csrf
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

NAME = 'Ada <b>Lovelace</b> & "co"'
RATE_MAX = int(float(os.environ.get("RATE_MAX", "1e9")))

app = Flask(__name__, template_folder="../views")
app.config.update(
    SECRET_KEY=os.urandom(32),
    MAX_CONTENT_LENGTH=16 * 1024,
    SESSION_COOKIE_SAMESITE="Lax",
    WTF_CSRF_FIELD_NAME="_csrf",
)
Talisman(
    app,
    force_https=False,
    session_cookie_secure=False,
    content_security_policy={
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    },
    content_security_policy_nonce_in=["script-src"],
    frame_options="DENY",
    referrer_policy="same-origin",
    permissions_policy={"camera": "()", "microphone": "()", "geolocation": "()"},
)
CORS(app, origins=["https://app.test", "https://spa.test"], supports_credentials=True)
CSRFProtect(app)
Limiter(
    get_remote_address,
    app=app,
    storage_uri="memory://",
    headers_enabled=True,
    default_limits=[f"{RATE_MAX} per minute"],
)


@app.after_request
def cross_origin_fields(response):
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


class ProfileForm(FlaskForm):
    email = StringField(validators=[InputRequired(), Length(max=120), Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")])
    name = StringField(validators=[InputRequired(), Length(min=2, max=60)])
    age = IntegerField(validators=[InputRequired(), NumberRange(min=1, max=150)])


@app.get("/json")
def json_():
    return jsonify(ok=True, id=42, items=["a", "b", "c"])


@app.get("/page")
def page():
    session.setdefault("user", "u-1")
    nonce = app.jinja_env.globals["csp_nonce"]()
    return render_template("page.jinja.html", name=NAME, nonce=nonce, csrf=generate_csrf())


@app.post("/form")
def form():
    given = ProfileForm()
    if not given.validate_on_submit():
        return jsonify(error="invalid"), 400
    return jsonify(ok=True, email=given.email.data)
