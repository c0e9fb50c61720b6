/** Bare Express 5: only what the routes need. @module */
import express from 'express';
import { JSON_BODY, NAME, PORT, VIEWS } from './common.ts';

const app = express();
app.set('views', VIEWS);
app.set('view engine', 'ejs');
app.get('/json', (_req, res) => void res.json(JSON_BODY));
app.get('/page', (_req, res) => void res.render('page', { name: NAME, nonce: '', csrf: '' }));
app.post('/form', express.urlencoded({ extended: false }), (req, res) => {
  res.json({ ok: true, email: (req.body as { readonly email: string }).email });
});
app.listen(PORT, '127.0.0.1');
