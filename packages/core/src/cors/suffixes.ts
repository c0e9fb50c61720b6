/**
 * Names under which anybody can register one: a wildcard right below such a name would let everybody in.
 * @module
 */

/**
 * Suffixes of two labels and more, a selection of the Public Suffix List: the commonest registries, and hosts that give
 * a name to whoever asks. What is missing here is still no reason to write it: a wildcard belongs below a domain of yours.
 */
const SHARED: ReadonlySet<string> = new Set(
  (
    'ac.uk co.uk gov.uk ltd.uk me.uk net.uk org.uk plc.uk com.au edu.au net.au org.au co.nz net.nz org.nz co.jp ne.jp ' +
    'or.jp co.kr or.kr co.in net.in org.in co.za org.za com.br net.br org.br com.cn net.cn org.cn com.mx com.tr com.tw ' +
    'com.hk com.sg com.my com.ar com.co com.ua com.pl co.il co.id co.th com.vn eu.com uk.com us.com ' +
    'github.io githubpreview.dev gitlab.io pages.dev workers.dev r2.dev vercel.app now.sh netlify.app netlify.com ' +
    'herokuapp.com web.app firebaseapp.com appspot.com run.app cloudfunctions.net fly.dev onrender.com railway.app ' +
    'deno.dev glitch.me repl.co replit.app stackblitz.io webcontainer.io codesandbox.io surge.sh ngrok.io ngrok.app ' +
    'ngrok-free.app loca.lt trycloudflare.com cloudfront.net amazonaws.com s3.amazonaws.com elasticbeanstalk.com ' +
    'amplifyapp.com azurewebsites.net azurestaticapps.net cloudapp.net blob.core.windows.net myshopify.com ' +
    'blogspot.com wordpress.com wixsite.com bitbucket.io readthedocs.io streamlit.app huggingface.app hf.space ' +
    'digitaloceanspaces.com ondigitalocean.app lovable.app bubbleapps.io'
  ).split(' '),
);

/** True for a name under which strangers have names: a top-level domain, or a registry or host of the list. */
export function isShared(domain: string): boolean {
  return !domain.includes('.') || SHARED.has(domain) || domain.endsWith('.amazonaws.com');
}
