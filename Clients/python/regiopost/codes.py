"""The registry of codes (section 14): when trying again can help, and which codes end a connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """What is known of a code."""

    retry: str
    """``never``, ``later`` or ``after-sync``."""
    ends: str
    """Whether it ends the connection: ``never``, ``sometimes`` or ``always``."""
    english: str
    dutch: str


def _codes(retry: str, ends: str, **sentences: tuple[str, str]) -> dict[str, Code]:
    return {name.replace("_", "-"): Code(retry, ends, *both) for name, both in sentences.items()}


CODES: Mapping[str, Code] = {
    **_codes(
        "never",
        "never",
        receipt_invalid=(
            "The receipt is not this server's for that change in that mailbox",
            "Het ontvangstbewijs is niet van deze server voor die wijziging in die postbus",
        ),
        bad_json=("The change is not I-JSON", "De wijziging is geen I-JSON"),
        bad_field=("A field has a value it can't have", "Een veld heeft een waarde die niet kan"),
        missing_field=("A field is missing", "Er ontbreekt een veld"),
        unknown_type=("The server doesn't know this type of change", "De server kent dit soort wijziging niet"),
        unknown_version=(
            "The server doesn't know this version of the envelope",
            "De server kent deze versie van de omslag niet",
        ),
        subject_mismatch=(
            "The subject is not the one this change must be about",
            "Het onderwerp is niet dat waar deze wijziging over moet gaan",
        ),
        author_mismatch=(
            "The author is not the address of the certificate",
            "De auteur is niet het adres van het certificaat",
        ),
        not_allowed=("This address may not do that", "Dit adres mag dat niet"),
        not_addressed=(
            "The letter is not addressed to this organisation",
            "De brief is niet aan deze organisatie gericht",
        ),
        not_invited=("This organisation is not invited", "Deze organisatie is niet uitgenodigd"),
        not_cleared=(
            "An address that is named may not read what is so confidential",
            "Een genoemd adres mag niet lezen wat zo vertrouwelijk is",
        ),
        id_taken=(
            "The id belongs to a change with other bytes",
            "De id is van een wijziging met een andere inhoud",
        ),
        illegal_step=("The subject's state doesn't allow that", "Dat kan niet in de stand van dit onderwerp"),
        letter_withdrawn=("The letter was withdrawn", "De brief is ingetrokken"),
        dossier_missing=("The dossier is missing", "Het dossiernummer ontbreekt"),
        dossier_mismatch=("The dossier is not the letter's", "Het dossiernummer is niet dat van de brief"),
        bsn_found=(
            "A text seems to hold a citizen service number (BSN)",
            "In een tekst lijkt een burgerservicenummer (BSN) te staan",
        ),
        not_adopted=(
            "The draft isn't signed by all who have to",
            "Het concept is niet ondertekend door iedereen die dat moet",
        ),
        signature_missing=("A signature that is needed isn't there", "Er ontbreekt een ondertekening die nodig is"),
        slot_unknown=("That slot was not proposed", "Dat tijdvak is niet voorgesteld"),
        unknown_organisation=(
            "The directory has no such organisation",
            "Het adresboek kent deze organisatie niet",
        ),
        unknown_region=("The directory has no such region", "Het adresboek kent deze regio niet"),
        blob_unknown=("There is no such file", "Dit bestand is er niet"),
        blob_mismatch=(
            "The bytes don't have that digest; what was uploaded is dropped",
            "De inhoud past niet bij de controlesom; wat verstuurd was is weggegooid",
        ),
        blob_too_large=("The file is larger than the limit", "Het bestand is groter dan de grens"),
        blob_offset=(
            "The bytes don't begin where those that are there end",
            "De inhoud begint niet waar eindigt wat er al is",
        ),
        mailbox_unknown=("There is no such mailbox", "Deze postbus bestaat niet"),
        invitation_unknown=("There is no such invitation", "Deze uitnodiging bestaat niet"),
        invitation_expired=("The invitation has expired", "De uitnodiging is verlopen"),
        invitation_used=(
            "The invitation was used with another key",
            "De uitnodiging is met een andere sleutel gebruikt",
        ),
        bad_certificate_request=(
            "The certificate request can't be used",
            "De certificaataanvraag is niet bruikbaar",
        ),
    ),
    **_codes(
        "never",
        "sometimes",
        mandate_ended=(
            "The address's mandate is over, and another has its work",
            "Het mandaat van dit adres is voorbij; een ander heeft het werk",
        ),
        organisation_abolished=(
            "The organisation was abolished, and another has its work",
            "De organisatie is opgeheven; een andere heeft het werk",
        ),
        chunk_too_long=(
            "More bytes were announced than the limit",
            "Er zijn meer bytes aangekondigd dan de grens",
        ),
        bad_request=("The request can't be read", "Het verzoek is niet te lezen"),
        unknown_verb=("There is no such verb here", "Dit werkwoord bestaat hier niet"),
        line_too_long=("The line is longer than the limit", "De regel is langer dan de grens"),
        revoked=("The certificate was revoked", "Het certificaat is ingetrokken"),
    ),
    **_codes(
        "never",
        "always",
        bad_byte=(
            "A line holds a carriage return or a NUL",
            "In een regel staat een carriage return of een NUL",
        ),
        certificate_expired=("The certificate has expired", "Het certificaat is verlopen"),
    ),
    **_codes(
        "later",
        "never",
        blob_missing=(
            "A file that the change cites was not uploaded",
            "Een bestand dat de wijziging noemt is niet verstuurd",
        ),
        uploads_full=(
            "Too much was uploaded that no change cites yet",
            "Er is te veel verstuurd dat nog geen wijziging noemt",
        ),
        recovering=(
            "The server was restored from a backup and takes nothing new yet",
            "De server is teruggezet uit een reservekopie en neemt nog niets nieuws aan",
        ),
        mailbox_busy=(
            "The mailbox is being read or watched already",
            "De postbus wordt al gelezen of gevolgd",
        ),
    ),
    **_codes(
        "later",
        "sometimes",
        mandate_not_started=(
            "The address's mandate has not begun",
            "Het mandaat van dit adres is nog niet begonnen",
        ),
        too_many_requests=("Too many requests are under way", "Er zijn te veel verzoeken tegelijk"),
        unavailable=("The server can't do that now", "De server kan dat nu niet"),
        stopping=("The server is stopping", "De server stopt"),
    ),
    **_codes(
        "later",
        "always",
        idle=("Nothing was heard for too long", "Er is te lang niets gehoord"),
        too_many_failures=("Too many attempts failed", "Er zijn te veel pogingen mislukt"),
        too_many_connections=(
            "Newer connections use the same certificate",
            "Nieuwere verbindingen gebruiken hetzelfde certificaat",
        ),
    ),
    **_codes(
        "after-sync",
        "never",
        conflict=("Another change came first", "Een andere wijziging was eerder"),
        predecessor_missing=(
            "The change builds on one the server doesn't have",
            "De wijziging bouwt op een die de server niet heeft",
        ),
        needs_missing=(
            "A change that this one needs is not there",
            "Een wijziging die deze nodig heeft is er niet",
        ),
        subject_unknown=("There is no such subject", "Dit onderwerp bestaat niet"),
        letter_unknown=("There is no such letter", "Deze brief bestaat niet"),
        text_changed=(
            "The text is not the newest one of the draft",
            "De tekst is niet de nieuwste van het concept",
        ),
        not_recovering=("The server takes nothing back now", "De server neemt nu niets terug"),
        signatures_changed=(
            "The signatures are not those of the draft",
            "De ondertekeningen zijn niet die van het concept",
        ),
    ),
    **_codes(
        "after-sync",
        "sometimes",
        resync=(
            "The cursor is not of this server's history; start again from 0",
            "De plaats hoort niet bij de geschiedenis van deze server; begin opnieuw vanaf 0",
        ),
    ),
}
"""Every code of the specification."""

DOES: Mapping[str, str] = {"never": "keep", "later": "again", "after-sync": "sync"}
"""What becomes of a change that was answered NO, by ``retry``: it is kept for a person; its bytes go again; what is new
is read first, and then it is for a person."""


def connects_again(code: str) -> bool:
    """Whether a client connects again by itself after a BYE with this code. One not known counts as ``later``."""
    known = CODES.get(code)
    return known is None or known.retry != "never"
