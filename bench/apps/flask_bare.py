"""Bare Flask under gunicorn: only what the routes need."""
from flask import Flask, jsonify, render_template, request

NAME = 'Ada <b>Lovelace</b> & "co"'
app = Flask(__name__, template_folder="../views")


@app.get("/json")
def json_():
    return jsonify(ok=True, id=42, items=["a", "b", "c"])


@app.get("/page")
def page():
    return render_template("page.jinja.html", name=NAME, nonce="", csrf="")


@app.post("/form")
def form():
    return jsonify(ok=True, email=request.form["email"])
