"""Names as common as they are in the American Midwest, and the places around Chicago.

Frequent names come first in each list: they are drawn more often, so the sample has people who share a name
without being the same person.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> dict[str, str]:
    words = text.replace(",", " ").split()
    return dict(zip(words[::2], words[1::2], strict=True))


WOMEN = _words("""
Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Karen Sarah Lisa Nancy Sandra Betty Ashley
Emily Kimberly Margaret Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia
Dorothy Amy Kathleen Angela Shirley Emma Brenda Pamela Nicole Anna Samantha Katherine Christine Debra
Rachel Carolyn Janet Maria Olivia Heather Helen Catherine Diane Julie Victoria Joyce Lauren Kelly
Christina Ruth Joan Virginia Judith Evelyn Hannah Andrea Megan Cheryl Jacqueline Madison Teresa Abigail
Sophia Martha Sara Gloria Janice Kathryn Ann Isabella Judy Charlotte Julia Grace Amber Alice Jean Denise
Frances Danielle Marilyn Natalie Beverly Diana Brittany Theresa Kayla Alexis Doris Lori Tiffany Guadalupe
Rosa Carmen Ximena Priya Mei Fatima Agnieszka
""")

MEN = _words("""
James Robert John Michael David William Richard Joseph Thomas Christopher Charles Daniel Matthew Anthony
Mark Donald Steven Andrew Paul Joshua Kenneth Kevin Brian Timothy Ronald George Jason Edward Jeffrey Ryan
Jacob Nicholas Gary Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander
Patrick Frank Raymond Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Zachary Douglas Peter Kyle Noah
Ethan Jeremy Christian Walter Keith Austin Roger Terry Sean Gerald Carl Dylan Harold Jordan Jesse Bryan
Lawrence Arthur Gabriel Bruce Logan Billy Joe Alan Juan Elijah Willie Albert Wayne Randy Mason Vincent
Liam Roy Bobby Caleb Bradley Russell Lucas Miguel Luis Carlos Diego Rahul Wei Omar Tomasz
""")

SURNAMES = _words("""
Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson
Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis
Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall
Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes
Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard
Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price
Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell
Coleman Butler Henderson Barnes Gonzales Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton
Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar
Stevens Murray Ford Castro Marshall Owens Harrison Fernandez McDonald Woods Washington Kennedy Wells
Vargas Henry Chen Freeman Webb Tucker Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez
Silva Shaw Snyder Mason Dixon Munoz Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Stone Salazar Fox
Warren Mills Meyer Rice Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne
Grant Dunn Kelley Spencer Hawkins Arnold Pierce Hansen Peters Santos Hart Bradley Knight Elliott
Cunningham Duncan Armstrong Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman
Johnston Matthews Pena Richards Contreras Willis Carpenter Lawrence Sandoval Guerrero George Chapman Rios
Estrada Ortega Kowalski Nowak Zielinski Wisniewski Lindqvist Petrov OConnor OBrien Haddad Okafor Schroeder
Vandermeer Delacruz
""")

NICKNAMES = _pairs("""
Robert Bob, William Bill, Richard Rick, James Jim, Michael Mike, Joseph Joe, Thomas Tom, Charles Chuck,
Christopher Chris, Daniel Dan, Matthew Matt, Anthony Tony, Steven Steve, Andrew Andy, Kenneth Ken,
Timothy Tim, Edward Ed, Jeffrey Jeff, Nicholas Nick, Benjamin Ben, Samuel Sam, Gregory Greg,
Alexander Alex, Lawrence Larry, Elizabeth Liz, Jennifer Jen, Patricia Pat, Barbara Barb, Susan Sue,
Jessica Jess, Margaret Peggy, Kimberly Kim, Deborah Debbie, Stephanie Steph, Rebecca Becky,
Katherine Kate, Christine Chris, Samantha Sam, Catherine Cathy, Jacqueline Jackie, Theresa Terry
""")

STREETS = _words("""
Maple Oak Washington Lake Park Elm Cedar Main Walnut Church Lincoln Ridge Sherman Chestnut Highland
Prairie Jefferson Madison Central Birch Spruce Willow Forest Grove Hillside Sheridan Dempster Orchard
Meadow Prospect Franklin Jackson Adams Monroe Harrison Garfield Hawthorne Sycamore Linden Greenwood
""")

STREET_KINDS = ("St", "Ave", "Rd", "Dr", "Ln", "Ct", "Pl", "Blvd")

CITIES = (
    *(("Evanston", "IL", "60201"), ("Evanston", "IL", "60202"), ("Skokie", "IL", "60076")),
    *(("Wilmette", "IL", "60091"), ("Chicago", "IL", "60626"), ("Chicago", "IL", "60640")),
    *(("Chicago", "IL", "60618"), ("Chicago", "IL", "60657"), ("Oak Park", "IL", "60302")),
    *(("Glenview", "IL", "60025"), ("Park Ridge", "IL", "60068"), ("Arlington Heights", "IL", "60004")),
    *(("Schaumburg", "IL", "60193"), ("Naperville", "IL", "60540"), ("Waukegan", "IL", "60085")),
    *(("Highland Park", "IL", "60035"), ("Elgin", "IL", "60120"), ("Kenosha", "WI", "53140")),
)

AREA_CODES = _words("""
312 773 872 708 630 331 847 224 815 779 217 309 618 262 414 608 920 715 219 260 317 574 765 812 319 515
563 641
""")
"""Northern Illinois first, then its neighbours. Numbers 555-0100 to 555-0199 of each are kept for fiction and
valid by the numbering plan: they pass every check of the product and reach nobody."""

EMAIL_DOMAINS = ("example.com", "example.net", "example.org", "mail.example.com", "post.example.net")
"""Domains reserved for examples (RFC 2606)."""
