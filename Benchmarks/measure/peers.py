"""What Regiopost is compared with, each as durable as it can be: an answer only after the disk has it."""
import os
import shutil
import subprocess

from .server import Server, certificate, free_port, install, until_open


def start_redis(folder, load):
    """Redis streams, synced before each answer."""
    install("redis-server", "redis-server")
    home, port = certificate(folder / "redis"), free_port()
    process = subprocess.Popen([
        "redis-server", "--port", "0", "--tls-port", str(port), "--bind", "127.0.0.1", "--dir", str(home),
        "--tls-cert-file", str(home / "0.pem"), "--tls-key-file", str(home / "0-key.pem"),
        "--tls-ca-cert-file", str(home / "0.pem"), "--tls-auth-clients", "yes", "--tls-protocols", "TLSv1.3",
        "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--auto-aof-rewrite-percentage", "0",
    ], stdout=subprocess.DEVNULL)
    until_open(port, process)
    return Server(load, "redis", port, home / "0.pem", home, process)


DOVECOT = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_min_protocol = TLSv1.3
ssl_cert = <{home}/0.pem
ssl_key = <{home}/0-key.pem
ssl_ca = <{home}/0.pem
ssl_require_crl = no
ssl_verify_client_cert = yes
auth_ssl_require_client_cert = yes
auth_mechanisms = plain
mail_location = {format}:{home}/mail/%u
mail_fsync = always
mail_max_userip_connections = 3000
first_valid_uid = 1
default_vsz_limit = 2G
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
  service_count = 0
  client_limit = 3000
  process_min_avail = 2
}}
service imap {{
  process_limit = 3000
}}
service anvil {{
  client_limit = 10000
}}
service auth {{
  client_limit = 10000
}}
"""


def start_dovecot(folder, load, form="mdbox"):
    """Dovecot, mailboxes in files of many messages, synced before each answer."""
    install("dovecot", "dovecot-imapd")
    home, port = certificate(folder / "dovecot"), free_port()
    (home / "mail").mkdir()
    shutil.chown(home / "mail", "nobody", "nogroup")
    # Its processes run as users of their own.
    for path in (folder, home):
        os.chmod(path, 0o755)
    (home / "dovecot.conf").write_text(DOVECOT.format(home=home, port=port, format=form))
    process = subprocess.Popen(["dovecot", "-F", "-c", str(home / "dovecot.conf")])
    until_open(port, process)
    return Server(load, "dovecot", port, home / "0.pem", home, process)


def start_limits(folder, load):
    """TLS that only carries bytes, or only has them on the disk before it answers."""
    home, port = certificate(folder / "limits"), free_port()
    process = subprocess.Popen([str(load), "limit", "serve", f"port={port}", f"root={home / '0.pem'}",
                                f"certificates={home}", f"file={home / 'kept'}"])
    until_open(port, process)
    return Server(load, "limit", port, home / "0.pem", home, process)
